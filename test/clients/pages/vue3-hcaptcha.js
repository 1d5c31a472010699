import VueHcaptcha from '@hcaptcha/vue3-hcaptcha'
import { createApp, h } from 'vue'
import { sitekey, tell } from './tell.js'

createApp({
  render: () =>
    h(VueHcaptcha, {
      sitekey,
      onVerify: (token) => tell(token),
      onExpired: () => tell('expired'),
      onError: (code) => tell(`error ${code}`),
    }),
}).mount('#root')
