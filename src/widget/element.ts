import type { Modes } from './appearance.ts'
import { HINTS } from './base.ts'
import { type Captcha, openCaptcha } from './captcha.ts'
import { h } from './dom.ts'
import type { Values } from './values.ts'
import { en } from './words/en.ts'
import { wordsOf } from './words.ts'

/** Needs no file to be understood: the first choice of most. */
const ENGLISH = /^en(-..)?$/i

/**
 * `<one-captcha>`: takes part in its form as an input does, speaks through attributes and events.
 *
 * Events do not bubble, as `close` and `error` of something inside would mislead those who listen further out:
 * `ready`, `open`, `close`, `verified` (detail: `token`, `renewed`), `expired`, `error` (detail: `trouble`, `code`),
 * `recovered`.
 */
export class OneCaptcha extends HTMLElement {
  static readonly formAssociated = true
  static readonly observedAttributes = ['theme', 'size', 'mode', 'required']

  #internals = this.attachInternals()
  /** In the page's own tree, where every form finds it, also one that a script reads field by field. */
  #field = h('input', { type: 'hidden' })
  #captcha: Captcha | undefined
  #opening: Promise<Captcha> | undefined
  #life: AbortController | undefined

  connectedCallback() {
    this.#life = new AbortController()
    const { signal } = this.#life
    const form = this.getAttribute('form')
    if (form) this.#field.setAttribute('form', form)
    this.#field.name = this.getAttribute('name') ?? 'one-captcha-response'
    // What a page has copied, or kept while it was elsewhere, has a field already, and in it an old token.
    this.replaceChildren(this.#field)
    this.#opening = this.#open(signal, [
      this.lang,
      HINTS.get('hl'),
      this.closest<HTMLElement>('[lang]')?.lang,
      ...navigator.languages,
    ])
    this.#opening.catch(() => {})
  }

  /** @param tags the languages that are wanted, in order of preference */
  async #open(signal: AbortSignal, tags: (string | null | undefined)[]): Promise<Captcha> {
    const loading = this.#modes()
    const language =
      LITE || ENGLISH.test(tags.find(Boolean)!)
        ? 'en'
        : await import('./language.ts').then(
            ({ lookup }) => lookup(tags),
            () => 'en',
          )
    const words = await wordsOf('widget', language, en)
    const modes = await loading
    signal.throwIfAborted()
    this.#captcha = openCaptcha(this, this.#internals, this.#field, signal, language, words, modes)
    return this.#captcha
  }

  /** What cannot be had now is done without. */
  async #modes(): Promise<Modes> {
    if (
      !this.matches(
        '[appearance]:not([appearance=always]),[panel]:not([panel=beside]),[start=sight]',
      ) &&
      'popover' in this
    )
      return {}
    return import('./modes.ts').then(
      ({ modesOf }) => modesOf(this),
      () => ({}),
    )
  }

  disconnectedCallback() {
    this.#life!.abort()
  }

  attributeChangedCallback() {
    this.#captcha?.paint()
  }

  formResetCallback() {
    this.reset()
  }

  formDisabledCallback() {
    this.#captcha?.paint()
  }

  /**
   * Does what a tick does, and gives the token. Rejects if the visitor closes the puzzle or the service cannot help.
   *
   * @param values what the page's server binds into this one call's token, in place of what the attributes say: `action`,
   * `cdata`. Such a token is always a new one, and for the caller alone: the form sends none of it, and no event tells of it.
   * Such calls are made one after another. Throws a `TypeError` for other values.
   */
  async execute(values?: Values): Promise<string> {
    const captcha = (await this.#opening)!
    if (!values) return captcha.execute()
    const { executeWith } = await import('./call.ts')
    return executeWith(captcha, values)
  }

  /** Gets a token if that needs nobody, and tells of it as `execute` does; otherwise the box waits for its tick. */
  async attempt(): Promise<void> {
    await (await this.#opening)!.attempt()
  }

  /** Forgets the token, and whatever goes on. */
  reset() {
    this.#captcha?.reset()
  }

  /** The token while it is good; otherwise ''. */
  getResponse(): string {
    return this.#captcha?.token() ?? ''
  }

  /** When the token ends, in epoch milliseconds; 0 without one. */
  get tokenEndsAt(): number {
    return this.#captcha?.tokenEndsAt() ?? 0
  }
}
