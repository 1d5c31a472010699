import { adopt, adoptAll } from './adopt.ts'
import { callbackNamed } from './callback.ts'
import type { OneCaptcha } from './element.ts'
import type { Values } from './values.ts'

const widgets = new Map<string, OneCaptcha>()

/** The widget of an id that `render` gave, in or around an element; the first of the page where none is named. */
function find(id?: string | Element): OneCaptcha {
  const widget =
    id instanceof Element
      ? (id.closest('one-captcha') ?? id.querySelector('one-captcha'))
      : id
        ? widgets.get(id)
        : document.querySelector('one-captcha')
  if (!widget) throw new Error(`oneCaptcha: there is no widget ${id ?? 'yet'}.`)
  return widget as OneCaptcha
}

/** The rest of the global `oneCaptcha`, for pages that would rather call than mark up. */
const calls = {
  /**
   * Puts a widget into an element, and gives back its id.
   *
   * @param container an element, or its id or selector
   * @param options as the attributes are called; callbacks as functions or names of the page's global functions
   */
  render(container: Element | string, options: Record<string, unknown> = {}): string {
    const place =
      typeof container === 'string'
        ? (document.getElementById(container) ?? document.querySelector(container))
        : container
    if (!place) throw new Error(`oneCaptcha: there is no element ${container}.`)
    const id = `oc-${widgets.size + 1}`
    widgets.set(
      id,
      adopt(place, (name) => options[name]),
    )
    return id
  },
  reset: (id?: string | Element) => find(id).reset(),
  remove: (id: string | Element) => find(id).remove(),
  getResponse: (id?: string | Element) => find(id).getResponse(),
  /**
   * A promise of a token: of a widget, or, given options in place of one, of none that the page has.
   *
   * @param values what is bound into this one call's token: `action`, `cdata`
   */
  async execute(which?: string | Element | Record<string, unknown>, values?: Values) {
    if (!which || typeof which === 'string' || which instanceof Element)
      return find(which).execute(values)
    const { executeAlone } = await import('./call.ts')
    return executeAlone(which)
  },
}

Object.assign((window as unknown as { oneCaptcha: object }).oneCaptcha, calls)
/** Does what the loader's address asks for. */
export function begin(hints: URLSearchParams) {
  if (hints.get('render') !== 'explicit') adoptAll()
  callbackNamed(hints.get('onload'))?.()
}
