import { arrive } from './arrive.ts'
import { adopt, define, type Mounted, mount, type Options, on, placeOf, readerOf } from './mount.ts'

/** hCaptcha's global, as its "Configuration" documents it. */
const widgets = new Map<string, Mounted & { key: string }>()
let made = 0

const calls = {
  render(container: unknown, options: Options = {}): string {
    const place = placeOf(container, 'hcaptcha')
    return add(place, options, readerOf(place, options))
  },

  /** With `async`, a promise of the token and its key; without, the callbacks alone are told. */
  execute(id?: string | null, { async = false }: { async?: boolean } = {}) {
    const widget = find(id, async)
    if (!(widget instanceof Promise)) {
      const done = run(widget)
      if (async) return done
      done.catch(() => {})
      return undefined
    }
    return widget
  },

  reset(id?: string | null) {
    const { element, clear } = find(id) as Mounted
    element.reset?.()
    clear()
  },

  remove(id?: string | null) {
    const widget = find(id) as Mounted
    for (const [name, one] of widgets) if (one === widget) widgets.delete(name)
    widget.element.parentElement?.replaceChildren()
  },

  close(id?: string | null) {
    ;(find(id) as Mounted).element.reset?.()
  },

  getResponse: (id?: string | null): string => (find(id) as Mounted).element.getResponse?.() ?? '',
  getRespKey: (id?: string | null): string => (find(id) as { key: string }).key,

  /** What an enterprise customer binds in; of ours, `cdata`. */
  setData(id: string | Options, data?: Options) {
    const values = typeof id === 'string' ? data : id
    const { element } = find(typeof id === 'string' ? id : null) as Mounted
    if (typeof values?.rqdata === 'string')
      element.setAttribute('cdata', values.rqdata.slice(0, 255))
  },
}

define('hcaptcha', calls)
const hints = arrive(
  () => {
    for (const place of document.querySelectorAll('.h-captcha')) {
      if (!place.querySelector('one-captcha'))
        adopt(
          place,
          (at, read) => add(at, null, read),
          (id) => calls.execute(id),
        )
    }
  },
  () => {
    for (const { call } of widgets.values()) call('error-callback', 'network-error')
  },
)
// Unless the page says otherwise: sites that came from reCAPTCHA go on calling that.
if (hints.get('recaptchacompat') !== 'off' && !('grecaptcha' in window)) {
  define('grecaptcha', { ...calls, ready: (then: () => void) => queueMicrotask(then) })
}

function add(place: Element, options: Options | null, read: Mounted['read']): string {
  const compat = hints?.get('recaptchacompat') !== 'off'
  const widget = {
    ...mount(
      place,
      {
        options,
        attributes: {
          ...{ sitekey: read('sitekey'), theme: read('theme') ?? 'light', size: read('size') },
          lang: read('hl') ?? hints?.get('hl'),
        },
        fields: compat ? ['h-captcha-response', 'g-recaptcha-response'] : ['h-captcha-response'],
      },
      read,
    ),
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

function find(id: string | null | undefined, async = false) {
  const widget = id ? widgets.get(id) : widgets.values().next().value
  if (widget) return widget
  const code = widgets.size ? 'invalid-captcha-id' : 'missing-captcha'
  if (async) return Promise.reject(code)
  throw new Error(code)
}

/** hCaptcha's words for why there is no token: what its promises reject with. */
const REASONS: Record<string, string> = {
  'challenge-closed': 'challenge-closed',
  'challenge-reset': 'challenge-closed',
  'challenge-expired': 'challenge-expired',
}

async function run(widget: Mounted & { key: string }) {
  const { element, ready, clear } = widget
  await ready
  if (element.getResponse()) {
    element.reset()
    clear()
  }
  try {
    const response = await element.execute()
    return { response, key: widget.key }
  } catch (error) {
    throw REASONS[(error as Error).message] ?? 'challenge-error'
  }
}
