import { defineComponent, h, onBeforeUnmount, onMounted, ref, watch } from 'vue'
import {
  attributesOf,
  bring,
  listen,
  type OneCaptchaElement,
  type OneCaptchaProps,
} from './element.ts'

export type { OneCaptchaElement } from './element.ts'

const text = { type: String, required: false } as const
const number = { type: [Number, String], required: false }
const PROPS = {
  service: text,
  nonce: text,
  sitekey: text,
  action: text,
  cdata: text,
  kind: text,
  time: number,
  theme: text,
  size: text,
  appearance: text,
  panel: text,
  lang: text,
  start: text,
  renew: text,
  guard: text,
  name: text,
  terms: text,
  privacy: text,
  required: { type: Boolean, required: false },
} as const

/** `<one-captcha>` as a component of Vue: `<OneCaptcha service="…" sitekey="…" @verified="token => …" />`. */
export const OneCaptcha = /* @__PURE__ */ defineComponent({
  name: 'OneCaptcha',
  props: PROPS,
  emits: {
    ready: () => true,
    open: () => true,
    close: () => true,
    verified: (token: string) => typeof token === 'string',
    expired: () => true,
    error: (code: string) => typeof code === 'string',
    recovered: () => true,
  },
  setup(props, { emit, expose }) {
    const element = ref<OneCaptchaElement | null>(null)
    const all = () => props as OneCaptchaProps
    let stop = () => {}
    expose({
      execute: (...values: Parameters<OneCaptchaElement['execute']>) =>
        element.value?.execute(...values),
      reset: () => element.value?.reset(),
      getResponse: () => element.value?.getResponse() ?? '',
    })
    const load = () => bring({ ...all(), onError: (code) => emit('error', code) })
    onMounted(() => {
      stop = listen(element.value as OneCaptchaElement, () => ({
        onReady: () => emit('ready'),
        onOpen: () => emit('open'),
        onClose: () => emit('close'),
        onVerified: (token) => emit('verified', token),
        onExpired: () => emit('expired'),
        onError: (code) => emit('error', code),
        onRecovered: () => emit('recovered'),
      }))
      load()
    })
    watch(() => props.service, load)
    onBeforeUnmount(() => stop())
    return () => h('one-captcha', { ...attributesOf(all()), ref: element })
  },
})
