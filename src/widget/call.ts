import type { Captcha } from './captcha.ts'
import type { OneCaptcha } from './element.ts'
import { openTurns } from './turns.ts'
import { readValues } from './values.ts'

/** What makes sense for one call. */
const ATTRIBUTES = [
  ...['sitekey', 'action', 'cdata', 'kind', 'time', 'lang', 'dir', 'theme', 'panel'],
  ...['privacy', 'terms'],
]
/** Nobody sees the widget of a call unless somebody is needed, and it has nothing to do with any form. */
const UNSEEN = { size: 'invisible', start: 'click', renew: 'never', guard: 'off', name: '' }

/** Of calls with values, each captcha has one made after another. */
const inTurn = openTurns<Captcha>()

/**
 * Gets a token for these values, by a widget of this call's own in the shadow of the element. So whatever the element has or
 * waits for stays with it, and the token gets into no form.
 */
export async function executeWith(captcha: Captcha, given: object): Promise<string> {
  const values = readValues(given)
  const { frame, signal } = captcha
  const root = frame.getRootNode() as ShadowRoot
  const said: Record<string, unknown> = { ...values, lang: frame.lang, dir: frame.dir }

  return inTurn(captcha, async () => {
    // One puzzle after another: what somebody is in the midst of comes first.
    while (frame.querySelector('.panel:not([hidden])'))
      await new Promise((resolve) => root.host.addEventListener('close', resolve, { once: true }))
    if (signal.aborted) throw new Error('challenge-reset')
    return executeIn(root, (name) => said[name] ?? root.host.getAttribute(name))
  })
}

/**
 * Gets a token without any element of the page; a puzzle stands in the middle of the window. Calls that are made at once each
 * get their own. Rejects with a code as an element's `execute()` does, and leaves nothing behind.
 *
 * @param options `sitekey`, `action`, `cdata`, and whatever else of the attributes makes sense for one call
 */
export async function executeAlone(options: Record<string, unknown>): Promise<string> {
  const { action, cdata } = options
  const said: typeof options = { ...options, ...readValues({ action, cdata }), panel: 'overlay' }
  // Not by `document`'s own name for it: a form named `body` would be found instead.
  const body: Element = Reflect.get(Document.prototype, 'body', document)
  return executeIn(body, (name) => (Object.hasOwn(said, name) ? said[name] : undefined))
}

async function executeIn(place: Node, read: (name: string) => unknown): Promise<string> {
  const widget = document.createElement('one-captcha') as OneCaptcha
  for (const name of ATTRIBUTES) {
    const value = read(name)
    if (value != null) widget.setAttribute(name, `${value}`)
  }
  for (const [name, value] of Object.entries(UNSEEN)) widget.setAttribute(name, value)
  place.appendChild(widget)
  try {
    return await widget.execute()
  } finally {
    widget.remove()
  }
}
