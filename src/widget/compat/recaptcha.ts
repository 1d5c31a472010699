import { openTurns } from '../turns.ts'
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

/**
 * reCAPTCHA's global: version 2 with its box or invisible, version 3, and their enterprise names. Documented by Google under
 * "Displaying the widget", "Invisible reCAPTCHA" and "reCAPTCHA v3".
 */
const FIELD = 'g-recaptcha-response'
const widgets: Mounted[] = []

const calls = {
  /** @param inherit whether the container's `data-` attributes say what the options do not */
  render(container: unknown, options: Options = {}, inherit = false): number {
    const place = placeOf(container, 'grecaptcha')
    return add(place, inherit ? readerOf(place, options) : (name) => options[name])
  },

  /** Of version 2 by a widget's number; of version 3 by a sitekey, or by the number of a widget with an action. */
  execute(which?: number | string, { action }: { action?: string } = {}): Promise<string> {
    if (typeof which === 'string' || (which === undefined && !widgets.length))
      return quiet(silent(which ?? '', action))
    const widget = find(which)
    return quiet(action ? executeFor(widget, action) : widget.execute())
  },

  reset(id?: number) {
    find(id).reset()
  },

  getResponse: (id?: number): string => find(id).element.getResponse?.() ?? '',

  ready(then: () => void) {
    queueMicrotask(then)
  },
}

define('grecaptcha', { ...calls, enterprise: { ...calls } })
const hints = arrive(
  () => {
    for (const place of emptyPlaces('.g-recaptcha'))
      adopt(place, add, (id) => quiet(widgets[id]!.execute()))
  },
  () => {
    for (const { call } of widgets) call('error-callback')
  },
)

function add(place: Element, read: Mounted['read']): number {
  const widget = mount(place, read, {
    attributes: {
      ...{ sitekey: read('sitekey'), action: read('action'), theme: read('theme') ?? 'light' },
      ...{ size: read('size'), lang: read('hl') ?? hints.get('hl') },
    },
    fields: [FIELD],
  })
  on(widget.element, 'verified', ({ token }) => widget.call('callback', token))
  on(widget.element, 'expired', () => widget.call('expired-callback'))
  on(widget.element, 'error', () => widget.call('error-callback'))
  return widgets.push(widget) - 1
}

function find(id: number | string | undefined): Mounted {
  const widget = widgets[Number(id ?? 0)]
  if (!widget) throw new Error(`grecaptcha: there is no widget ${id ?? 0}.`)
  return widget
}

/** Of calls with an action, each widget has one made after another. */
const inTurn = openTurns<Mounted>()

/** A token for this call's own action, which then is in the fields as any. */
function executeFor(widget: Mounted, action: string): Promise<string> {
  const { element, ready, reset } = widget
  return inTurn(widget, async () => {
    await ready
    // What goes on is for what the page said before.
    reset()
    const said = element.getAttribute('action') ?? ''
    element.setAttribute('action', action)
    return element.execute().finally(() => element.setAttribute('action', said))
  })
}

const silents = new Map<string, Mounted>()

/** Version 3: a widget that nobody sees, one for each sitekey. */
function silent(sitekey: string, action: string | undefined): Promise<string> {
  let widget = silents.get(sitekey)
  if (!widget) {
    const place = document.body.appendChild(document.createElement('div'))
    const attributes = { sitekey, size: 'invisible', start: 'click', lang: hints.get('hl') }
    widget = mount(place, () => undefined, { attributes, fields: [FIELD] })
    silents.set(sitekey, widget)
  }
  return executeFor(widget, action ?? '')
}

/** Whoever does not listen is not told twice: the callbacks say it as well. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
