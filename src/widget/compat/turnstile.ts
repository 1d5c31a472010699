import { arrive } from './arrive.ts'
import {
  define,
  emptyPlaces,
  type Mounted,
  mount,
  type Options,
  on,
  placeOf,
  readerOf,
} from './mount.ts'

/** Turnstile's global, as its "Client-side rendering" and "Widget configurations" document it. */
interface Widget extends Mounted {
  id: string
  expired: boolean
  /** Whether it begins by itself. */
  begins: boolean
}

const widgets = new Map<string, Widget>()
let made = 0

const calls = {
  render(container: unknown, options: Options = {}): string | undefined {
    const place = placeOf(container, 'turnstile')
    return add(place, readerOf(place, options))
  },

  execute(which: unknown, options?: Options) {
    let widget = find(which)
    if (!widget && options) widget = widgets.get(calls.render(which, options)!)
    if (widget) void run(widget)
  },

  reset(which?: unknown) {
    const widget = find(which)
    if (!widget) return
    widget.expired = false
    refresh(widget)
  },

  remove(which?: unknown) {
    const widget = find(which)
    if (!widget) return
    widgets.delete(widget.id)
    for (const field of widget.element.parentElement?.querySelectorAll('textarea') ?? [])
      field.remove()
    widget.element.remove()
  },

  getResponse: (which?: unknown): string | undefined =>
    find(which)?.element.getResponse?.() || undefined,

  isExpired: (which?: unknown): boolean => find(which)?.expired ?? false,

  ready(then: () => void) {
    queueMicrotask(then)
  },

  implicitRender() {
    adoptAll('.cf-turnstile')
  },
}

define('turnstile', calls)
const hints = arrive(calls.implicitRender, (trouble) => {
  for (const { call } of widgets.values()) {
    if (trouble === 'unsupported') call('unsupported-callback')
    call('error-callback', trouble === 'unsupported' ? '110500' : '200100')
  }
})
if (hints.get('compat') === 'recaptcha' && !('grecaptcha' in window)) {
  define('grecaptcha', { ...calls })
  if (hints.get('render') !== 'explicit') queueMicrotask(() => adoptAll('.g-recaptcha'))
}

function adoptAll(selector: string) {
  for (const place of emptyPlaces(selector)) add(place, readerOf(place, null))
}

function add(place: Element, read: Mounted['read']): string {
  const language = read('language')
  const appearance = read('appearance')
  const begins = read('execution') !== 'execute'
  const field = String(read('response-field') ?? 'true') !== 'false'
  const names = [String(read('response-field-name') ?? 'cf-turnstile-response')]
  if (hints?.get('compat') === 'recaptcha') names.push('g-recaptcha-response')
  const mounted = mount(place, read, {
    attributes: {
      ...{ sitekey: read('sitekey'), action: read('action'), cdata: read('cData') },
      ...{ theme: read('theme'), lang: language === 'auto' ? undefined : language },
      ...{ size: read('size'), start: begins ? undefined : 'click' },
      // Not shown before somebody is needed; or, by `run`, before it is asked for.
      ...(appearance === 'interaction-only' && { appearance }),
      ...(appearance === 'execute' && !begins && { mode: 'invisible' }),
    },
    fields: field ? names : [],
  })
  const id = `cf-chl-widget-oc${(made++).toString(36)}`
  const widget: Widget = { ...mounted, id, expired: false, begins }
  const { element, call } = widget
  on(element, 'verified', ({ token }) => {
    widget.expired = false
    call('callback', token)
  })
  on(element, 'expired', () => {
    widget.expired = true
    call('expired-callback')
    if ((read('refresh-expired') ?? 'auto') === 'auto') refresh(widget)
  })
  on(element, 'open', () => call('before-interactive-callback'))
  on(element, 'close', () => call('after-interactive-callback'))
  on(element, 'error', ({ trouble, code }) => {
    if (code === 'challenge-expired') call('timeout-callback')
    call('error-callback', CODES[code ?? ''] ?? FAMILIES[trouble ?? ''] ?? '300010')
  })
  widgets.set(id, widget)
  if (begins) void begin(widget)
  return id
}

/** Turnstile's numbers for what went wrong ("Client-side errors"). */
const CODES: Record<string, string> = {
  'sitekey-unknown': '110100',
  'sitekey-missing': '110100',
  'host-not-allowed': '110200',
  'challenge-expired': '110600',
}
const FAMILIES: Record<string, string> = {
  unreachable: '200100',
  busy: '300020',
  refused: '110110',
  unsupported: '110500',
}

/** Forgets the token, and begins anew; an expired one counts as such until there is another. */
function refresh(widget: Widget): void {
  widget.reset()
  if (widget.begins) void begin(widget)
}

/** Does what needs nobody; where somebody is needed, the box waits to be ticked. */
async function begin({ element, ready }: Widget): Promise<void> {
  await ready
  await element.attempt()
}

async function run({ element, ready, read }: Widget): Promise<void> {
  await ready
  if (read('appearance') === 'execute') element.removeAttribute('mode')
  // Who failed is told by the callbacks.
  await element.execute().catch(() => {})
}

function find(which: unknown): Widget | undefined {
  if (which === undefined) return widgets.values().next().value
  if (typeof which === 'string') {
    const known = widgets.get(which)
    if (known) return known
  }
  const place =
    typeof which === 'string'
      ? (document.getElementById(which) ?? document.querySelector(which))
      : which
  return [...widgets.values()].find(
    ({ element }) => place instanceof Element && place.contains(element),
  )
}
