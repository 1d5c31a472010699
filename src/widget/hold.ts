import type { OneCaptcha } from './element.ts'
import type { OnHold } from './form.ts'
import type { Phase } from './machine.ts'

/** For so long a page is taken to be on its way to the next: that a download came instead, no browser tells. */
const LEAVING_MS = 10_000
/** Nothing needs saying about what takes no longer. */
const SILENCE_MS = 1_500

/** The elements whose forms wait. */
const waiting = new WeakSet<HTMLElement>()

/**
 * Holds a form's submit until there is a token; then sends it as it would have been sent.
 *
 * @param gone the last submit that went on
 * @param isReady whether there is a token that was never sent
 * @param free has the next submit go as it is
 */
export async function hold(
  element: HTMLElement,
  form: HTMLFormElement,
  event: SubmitEvent,
  gone: SubmitEvent | null,
  isReady: () => boolean,
  phase: () => Phase,
  onHold: OnHold,
  free: (may: boolean) => void,
): Promise<void> {
  // It may have been taken away meanwhile.
  if (waiting.has(element) || isLeaving(form, gone) || !element.isConnected) return
  const { submitter } = event
  const box = element.shadowRoot!.querySelector<HTMLElement>('.box')!
  // There may be none to see, but now there is something to say.
  const show = () => {
    box.style.display = 'flex'
  }
  const timer = setTimeout(show, SILENCE_MS)
  const former = focused(element)
  /** The page itself sends its form, as soon as it hears of the token. */
  let overtaken = false
  const life = new AbortController()
  // A form's own name for it may be that of a field, here and below.
  for (const type of ['submit', 'formdata'])
    EventTarget.prototype.addEventListener.call(
      form,
      type,
      () => {
        overtaken ||= phase() === 'success'
      },
      { signal: life.signal, capture: true },
    )
  waiting.add(element)
  let may = true
  try {
    // What was ticked before may have its token by now.
    if (!isReady()) {
      // That token was sent before, or the page has taken it away.
      if (phase() === 'success') (element as OneCaptcha).reset()
      await onHold(submitter)
    }
  } catch {
    may = phase() === 'error' && element.getAttribute('guard') === 'open'
  }
  waiting.delete(element)
  life.abort()
  clearTimeout(timer)
  if (phase() === 'error' && !may) {
    show()
    box.scrollIntoView({ block: 'nearest' })
  } else box.style.display = ''
  // Not into the box, nor nowhere where there is none: the press was elsewhere.
  const at = focused(element)
  if (!at || at === element || at.localName === 'body') former?.focus({ preventScroll: true })
  if (!may || overtaken) return
  free(true)
  try {
    HTMLFormElement.prototype.requestSubmit.call(form, submitter)
  } catch {
    // The button has left the form meanwhile: what it would have sent with it, nobody knows.
  }
  // It may have been stopped before anybody heard of it.
  free(false)
}

/** Whether the browser has sent the form already, and waits for the page that comes of it. */
function isLeaving(form: HTMLFormElement, gone: SubmitEvent | null): boolean {
  if (!gone?.isTrusted || gone.defaultPrevented) return false
  const target =
    gone.submitter?.getAttribute('formtarget') ??
    Element.prototype.getAttribute.call(form, 'target') ??
    ''
  return /^(_self|_top|_parent)?$/i.test(target) && performance.now() - gone.timeStamp < LEAVING_MS
}

function focused(element: HTMLElement): HTMLElement | null {
  const root = element.getRootNode()
  // Not by the document's own name for it, which may be that of an image.
  return Reflect.get(Object.getPrototypeOf(root), 'activeElement', root)
}
