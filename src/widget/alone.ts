import type { Modes } from './appearance.ts'

const LOOK_MS = 250

/** Nothing is shown unless somebody is needed: then the panel opens by itself. */
export const appear: Modes['appear'] = (captcha) => {
  const { signal, ask, begin: prepare, attempt, reset } = captcha
  let begun = false
  let idle = true
  /** Somebody has gone on with it since, or has given it up. */
  let over = false

  captcha.begin = async () => {
    if (begun) return
    begun = true
    // Not to be told of the work while it goes on, however long that is.
    await prepare()
    if (await attempt()) {
      over = !idle
      await handsFree(() => over || signal.aborted)
      if (!over && !signal.aborted) ask()
    }
    begun = false
  }
  captcha.shown = ({ phase }) => {
    idle = phase === 'idle'
    over ||= !idle
  }
  captcha.reset = () => {
    over = true
    reset()
  }
  captcha.attempt = async () => {
    await captcha.begin()
    return false
  }
}

/**
 * Waits until nobody is in the midst of something: neither writing into a field, nor pressing what takes them on. What opens
 * by itself must not take the focus from a hand that is at work.
 *
 * @param isOver whether there is nothing to wait for any more
 */
async function handsFree(isOver: () => boolean): Promise<void> {
  for (let free = 0; free < 2 && !isOver(); ) {
    free = isBusy() ? 0 : free + 1
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

function isBusy(): boolean {
  // Not by `document`'s own name for it: an image named `activeElement` would be found instead.
  let at: Element | null = Reflect.get(Document.prototype, 'activeElement', document)
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  return !!at?.matches('input, select, textarea, iframe, [contenteditable]')
}
