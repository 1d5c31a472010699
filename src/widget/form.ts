/** What a guard asks of the widget whose form it guards. */
interface Guarded {
  /** Empties the field when its token has ended. */
  look(): void
  invisible(): boolean
  /** A submit waits for a token: gets one, or rejects. */
  onHold(submitter: HTMLElement | null): Promise<unknown>
}

/**
 * Holds what a form sends until there is a token to send with it.
 *
 * @param field where the token is
 * @param signal ends when the element leaves its page
 */
export function guardForm(
  internals: ElementInternals,
  field: HTMLInputElement,
  signal: AbortSignal,
  { look, invisible, onHold }: Guarded,
) {
  const { form } = internals
  const hold = (event: SubmitEvent) => {
    if (event.target !== form) return
    const had = field.value
    look()
    // The browser looked at `required` when the token still seemed good.
    const missing = !!had && !internals.reportValidity()
    if (field.value || !(missing || invisible())) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (missing) return
    // With nothing to tick, sending the form is the tick.
    onHold(event.submitter).then(
      // A form's own name for it may be that of a field.
      () => HTMLFormElement.prototype.requestSubmit.call(form, event.submitter),
      () => {},
    )
  }
  // In the capturing phase: before the page's own listeners.
  window.addEventListener('submit', hold, { signal, capture: true })
}
