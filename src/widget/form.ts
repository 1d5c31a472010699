import type { Phase } from './machine.ts'

export type Listen = (target: EventTarget, type: string, then: (event: SubmitEvent) => void) => void
/** Gets a token for a submit that waits for one. */
export type OnHold = (submitter: HTMLElement | null) => Promise<unknown>

/** What is seldom needed. */
export const loadHold = () => import('./hold.ts')

/**
 * Lets a form go with a token that was not sent before. What happens otherwise is loaded when it does.
 *
 * @param field where the token is
 * @param on listens for as long as the element is in its page, and before the page's own listeners
 * @param look empties the field when its token has ended
 * @param touch somebody does something in the form
 * @param phase how the captcha stands
 * @returns to be called when the page asks for the token: where it has just heard of a submit, it sends it
 */
export function guardForm(
  element: HTMLElement,
  internals: ElementInternals,
  field: HTMLInputElement,
  on: Listen,
  look: () => void,
  touch: () => void,
  onHold: OnHold,
  phase: () => Phase,
) {
  const guard = () => element.getAttribute('guard')
  /** The form that the element is in the shadow of. */
  let outer: HTMLFormElement | null = null
  const formOf = () => internals.form ?? outer
  /** The last submit that went on. */
  let gone: SubmitEvent | null
  /** The token that was taken out of the form since. */
  let sent = ''
  /** The next submit may go as it is. */
  let free = false

  /** There is a token that was never sent. */
  const isReady = () => !!field.value && field.value !== sent
  function take() {
    if (gone) sent = field.value
  }

  function listen(root: EventTarget) {
    on(root, 'submit', (event) => {
      const form = formOf()
      const { target, submitter } = event
      if (target !== form) return
      look()
      if (
        guard() === 'off' ||
        element.matches(':disabled') ||
        // What closes a dialog sends nothing.
        ((submitter as HTMLButtonElement | null)?.formMethod || form!.method) === 'dialog'
      )
        return
      if (free || isReady()) {
        gone = event
        free = false
        return
      }
      event.preventDefault()
      event.stopImmediatePropagation()
      loadHold()
        .then(
          ({ hold }) =>
            hold(element, form!, event, gone, isReady, phase, onHold, (may) => {
              free = may
            }),
          // Where that is out of reach, so is the service, as this finds out; or the next press has its token.
          () => onHold(submitter),
        )
        .catch(() => {})
    })
    on(root, 'formdata', ({ target }) => target === formOf() && take())
    for (const type of ['pointerdown', 'focusin', 'input'])
      on(
        root,
        type,
        ({ target }) =>
          // A form's own name for it may be that of a field.
          element.contains.call(formOf() ?? element, target as Node) && touch(),
      )
  }

  listen(window)
  // Back in a page that had been left.
  on(window, 'pageshow', () => {
    gone = null
  })
  // A submit is not heard outside its shadow, nor is a field in there part of a form that is outside.
  for (
    let root = element.getRootNode();
    root instanceof ShadowRoot;
    root = root.host.getRootNode()
  ) {
    listen(root)
    if (outer) continue
    outer = root.host.closest('form')
    if (outer)
      on(root.host.getRootNode(), 'formdata', ((event: FormDataEvent) => {
        if (event.target === outer && !internals.form && field.name)
          event.formData.set(field.name, field.value)
      }) as never)
  }
  return take
}
