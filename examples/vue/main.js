import { OneCaptcha } from 'one-captcha/vue'
import { createApp, h, ref } from 'vue'

const root = document.getElementById('root')
const { service, sitekey } = root.dataset

createApp({
  setup() {
    const captcha = ref(null)
    const token = ref('')
    const theme = ref('light')
    return () =>
      h('form', { method: 'post', action: '/join' }, [
        h(OneCaptcha, {
          ref: captcha,
          service,
          sitekey,
          action: 'join',
          theme: theme.value,
          onVerified: (good) => {
            token.value = good
          },
        }),
        h('output', token.value),
        h('button', { type: 'button', onClick: () => (theme.value = 'dark') }, 'Dark'),
        h('button', { type: 'button', onClick: () => captcha.value.execute() }, 'Verify'),
        h('button', { disabled: !token.value }, 'Join'),
      ])
  },
}).mount(root)
