import { arrive } from './arrive.ts'
import {
  adopt,
  define,
  emptyPlaces,
  type Mounted,
  mount,
  type Options,
  on,
  placeOf,
  readerOf,
} from './mount.ts'

/** hCaptcha's global, as its "Configuration" documents it. */
const widgets = new Map<string, Mounted & { key: string }>()
let made = 0

const calls = {
  render(container: unknown, options: Options = {}): string {
    const place = placeOf(container, 'hcaptcha')
    return add(place, readerOf(place, options))
  },

  /** With `async`, a promise of the token and its key; without, the callbacks alone are told. */
  execute(id?: string | null, { async = false }: { async?: boolean } = {}) {
    if (async) return run(id)
    find(id)
    run(id).catch(() => {})
    return undefined
  },

  reset(id?: string | null) {
    find(id).reset()
  },

  remove(id?: string | null) {
    const widget = find(id)
    for (const [name, one] of widgets) if (one === widget) widgets.delete(name)
    widget.element.parentElement?.replaceChildren()
  },

  close(id?: string | null) {
    find(id).element.reset?.()
  },

  getResponse: (id?: string | null): string => find(id).element.getResponse?.() ?? '',
  getRespKey: (id?: string | null): string => find(id).key,

  /** What an enterprise customer binds in; of ours, `cdata`. */
  setData(id: string | Options, data?: Options) {
    const values = typeof id === 'string' ? data : id
    const { element } = find(typeof id === 'string' ? id : null)
    if (typeof values?.rqdata === 'string')
      element.setAttribute('cdata', values.rqdata.slice(0, 255))
  },
}

define('hcaptcha', calls)
const hints = arrive(
  () => {
    for (const place of emptyPlaces('.h-captcha')) adopt(place, add, (id) => calls.execute(id))
  },
  () => {
    for (const { call } of widgets.values()) call('error-callback', 'network-error')
  },
)
// Unless the page says otherwise: sites that came from reCAPTCHA go on calling that.
if (hints.get('recaptchacompat') !== 'off' && !('grecaptcha' in window)) {
  define('grecaptcha', { ...calls, ready: (then: () => void) => queueMicrotask(then) })
}

function add(place: Element, read: Mounted['read']): string {
  const compat = hints?.get('recaptchacompat') !== 'off'
  const widget = {
    ...mount(place, read, {
      attributes: {
        ...{ sitekey: read('sitekey'), theme: read('theme') ?? 'light', size: read('size') },
        lang: read('hl') ?? hints?.get('hl'),
      },
      fields: compat ? ['h-captcha-response', 'g-recaptcha-response'] : ['h-captcha-response'],
    }),
    key: '',
  }
  const { element, call } = widget
  const id = `0oc${(made++).toString(36)}`
  element.dataset.hcaptchaWidgetId = id
  on(element, 'verified', ({ token = '' }) => {
    widget.key = `E1_${token.slice(0, 32)}`
    element.dataset.hcaptchaResponse = token
    call('callback', token, widget.key)
  })
  on(element, 'expired', () => {
    element.dataset.hcaptchaResponse = ''
    call('expired-callback')
  })
  on(element, 'open', () => call('open-callback'))
  on(element, 'close', () => call('close-callback'))
  on(element, 'error', ({ trouble }) =>
    call('error-callback', WORDS[trouble ?? ''] ?? 'challenge-error'),
  )
  widgets.set(id, widget)
  return id
}

/** hCaptcha's words for what went wrong, by ours. */
const WORDS: Record<string, string> = {
  unreachable: 'network-error',
  busy: 'rate-limited',
  refused: 'invalid-data',
}

function find(id: string | null | undefined) {
  const widget = id ? widgets.get(id) : widgets.values().next().value
  if (widget) return widget
  throw new Error(widgets.size ? 'invalid-captcha-id' : 'missing-captcha')
}

/** hCaptcha's words for why there is no token: what its promises reject with. */
const REASONS: Record<string, string> = {
  'challenge-closed': 'challenge-closed',
  'challenge-reset': 'challenge-closed',
  'challenge-expired': 'challenge-expired',
  'invalid-captcha-id': 'invalid-captcha-id',
  'missing-captcha': 'missing-captcha',
}

async function run(id: string | null | undefined) {
  try {
    const widget = find(id)
    const response = await widget.execute()
    return { response, key: widget.key }
  } catch (error) {
    throw REASONS[(error as Error).message] ?? 'challenge-error'
  }
}
