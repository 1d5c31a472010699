import { BASE, HINTS } from './base.ts'
import { type Box, makeBox } from './box.ts'
import { Failure, openClient } from './client.ts'
import { h, icon } from './dom.ts'
import { type Move, openJourney } from './journey.ts'
import { type Language, lookup } from './language.ts'
import { type Event as Happening, START, type State, step } from './machine.ts'
import { openOutage } from './outage.ts'
import { makePanel, type Panel } from './panel.ts'
import type { Challenge, Order, Task, Token } from './protocol.ts'
import { stringsOf } from './strings/strings.ts'
import css from './styles.css'
import type { Mounted } from './view.ts'
import { views } from './views.ts'
import { workshop } from './workshop.ts'

/** How often a puzzle, or a token that waits in a form, is renewed without anybody doing anything. */
const RENEWALS_MAX = 12
/** A puzzle is renewed this long before it ends, a token at this share of its life. */
const PUZZLE_MARGIN_MS = 30_000
const TOKEN_RENEWED_AT = 0.85
/** A token is taken out of the form this long before the service would refuse it. */
const TOKEN_MARGIN_MS = 2_000

interface Waiter {
  resolve(token: string): void
  reject(error: Error): void
}

let sheet: CSSStyleSheet | undefined

/**
 * `<one-captcha>`: takes part in its form as an input does, speaks through attributes and events.
 *
 * Events do not bubble, as `close` and `error` of something inside would mislead those who listen further out:
 * `ready`, `open`, `close`, `verified` (detail: `token`, `renewed`), `expired`, `error` (detail: `trouble`, `code`),
 * `recovered`.
 */
export class OneCaptcha extends HTMLElement {
  static readonly formAssociated = true
  static readonly observedAttributes = ['lang', 'theme', 'required']

  #internals = this.attachInternals()
  // Open, so that assistive technology's checkers and the page's own tests can see in. Nothing in here is secret.
  #root = this.attachShadow({ mode: 'open', delegatesFocus: true })
  #field = h('input', { type: 'hidden' })
  #state: State = START
  #box!: Box
  #panel!: Panel
  #required = ''
  #instead = ''
  #language: Language = 'en'
  #view: Mounted<never> | null = null
  #kind = ''
  #move: ((move: Move) => void) | null = null
  #moveEndsAt = 0
  #renewals = 0
  #renewable = false
  #deadAt = 0
  #timers: number[] = []
  #waiters: Waiter[] = []
  #life = new AbortController()

  #client = openClient(BASE, () => this.#dispatch({ type: 'answered' }))
  #journey = openJourney(this.#client, workshop, {
    order: () => this.#order(),
    meet: (challenge) => this.#meet(challenge),
    dispatch: (event) => this.#dispatch(event),
    show: (task) => this.#show(task),
    move: (endsAt) => this.#awaitMove(endsAt),
  })
  #outage = openOutage(() => this.#prepare())

  connectedCallback() {
    this.#life = new AbortController()
    this.#field.name = this.getAttribute('name') ?? 'one-captcha-response'
    if (this.hasAttribute('form')) this.#field.setAttribute('form', this.getAttribute('form')!)
    this.append(this.#field)
    void this.#build()
  }

  disconnectedCallback() {
    this.#life.abort()
    this.reset()
  }

  attributeChangedCallback(name: string) {
    if (!this.#box || !this.isConnected) return
    if (name === 'required') return this.#validate()
    this.#life.abort()
    this.#life = new AbortController()
    void this.#build()
  }

  formResetCallback() {
    this.reset()
  }

  formDisabledCallback(disabled: boolean) {
    if (this.#box) this.#box.input.disabled = disabled
  }

  /** Does what a tick does, and gives the token. Rejects if the visitor closes the puzzle or the service cannot help. */
  execute(): Promise<string> {
    const token = this.getResponse()
    if (token) return Promise.resolve(token)
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#ask()
    })
  }

  /** Forgets the token, and whatever goes on. */
  reset() {
    this.#journey.stop()
    this.#move = null
    this.#renewals = 0
    this.#keep('', 0)
    this.#dispatch({ type: 'reset' })
    this.#refuse('challenge-reset')
  }

  /** The token, while it is good; otherwise ''. */
  getResponse(): string {
    this.#bury()
    return this.#field.value
  }

  /** When the token ends, in epoch milliseconds. */
  get tokenEndsAt(): number {
    return this.#deadAt
  }

  get form() {
    return this.#internals.form
  }

  async #build() {
    const { signal } = this.#life
    const language = lookup([
      this.getAttribute('lang'),
      HINTS.get('hl'),
      this.closest('[lang]')?.getAttribute('lang'),
      ...navigator.languages,
    ])
    const strings = await stringsOf(language)
    if (signal.aborted) return
    if (this.#box) this.reset()
    this.#language = LITE ? 'en' : language
    this.#required = strings.required
    this.#instead = strings.instead
    this.#view?.destroy()
    this.#view = null
    this.#box = makeBox(strings, {
      privacy: this.getAttribute('privacy') ?? `${BASE}privacy`,
      terms: this.getAttribute('terms') ?? `${BASE}terms`,
    })
    this.#panel = makePanel(strings, {
      another: () => this.#move?.({ instead: 'another' }),
      patience: () => this.#move?.({ instead: 'patience' }),
      close: () => this.#close(),
    })
    const root = h(
      'div',
      { class: 'root', lang: this.#language, dir: this.dir || 'ltr' },
      this.#box.element,
      this.#panel.element,
    )
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const shade = () => {
      const theme = this.getAttribute('theme')
      root.classList.toggle('dark', theme === 'dark' || (theme !== 'light' && dark.matches))
    }
    shade()
    dark.addEventListener('change', shade, { signal })
    sheet ??= sheetOf(css)
    this.#root.adoptedStyleSheets = [sheet]
    this.#root.replaceChildren(root)
    this.#box.paint(this.#state)
    this.#listen(signal)
    this.#validate()
    this.#fire('ready')
  }

  #listen(signal: AbortSignal) {
    const { input } = this.#box
    // The tick is ours to set: it says that the visitor is through, not that the box was pressed.
    input.addEventListener('click', (event) => {
      event.preventDefault()
      this.#ask()
    })
    const scope = this.form ?? this
    const touch = () => {
      if (this.#state.down) this.#outage.hint()
      else if (this.#start === 'touch') this.#prepare()
    }
    for (const type of ['pointerdown', 'focusin'])
      scope.addEventListener(type, touch, { signal, passive: true })
    addEventListener('online', () => this.#state.down && this.#outage.online(), { signal })
    document.addEventListener('visibilitychange', () => this.#bury(), { signal })
    // In the capturing phase, before the page's own listeners read the form.
    addEventListener('submit', (event) => this.#submit(event), { signal, capture: true })
    if (this.#start === 'load') this.#prepare()
    if (this.#start === 'sight') {
      const observer = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        observer.disconnect()
        this.#prepare()
      })
      observer.observe(this)
      signal.addEventListener('abort', () => observer.disconnect())
    }
  }

  get #start() {
    return this.getAttribute('start') ?? 'touch'
  }

  get #invisible() {
    return [this.getAttribute('size'), this.getAttribute('mode')].includes('invisible')
  }

  #order(): Order {
    const read = (name: string) => this.getAttribute(name) ?? undefined
    const lifeMs = Number(read('time'))
    return {
      sitekey: read('sitekey'),
      action: read('action'),
      cdata: read('cdata'),
      kind: read('kind'),
      // What is out of bounds is brought in; what is no number is left out.
      tokenLifeMs: lifeMs > 0 ? Math.round(Math.min(600_000, Math.max(15_000, lifeMs))) : undefined,
    }
  }

  #meet(challenge: Challenge) {
    this.#box.test(!!challenge.test)
    if (challenge.mode === 'invisible') this.setAttribute('mode', 'invisible')
  }

  /** Gets ahead: asks for a challenge and does its work before the box is ticked. */
  #prepare() {
    if (this.#state.phase === 'success' || this.#field.value) return
    this.#journey.prepare().catch((error) => this.#fail(error))
  }

  #ask() {
    const { phase } = this.#state
    if (!this.#box || phase === 'success' || this.#state.panel) return
    if (this.#move && Date.now() < this.#moveEndsAt - PUZZLE_MARGIN_MS) {
      // The puzzle was closed, and is still there.
      this.#dispatch({ type: 'puzzle', reason: null })
      return
    }
    if (this.#move) this.#journey.stop()
    this.#move = null
    if (phase !== 'idle' && phase !== 'expired' && phase !== 'error') return
    this.#renewals = 0
    // Only a token that waits in a form is worth renewing; whoever asked by a call has it already.
    this.#renewable = !!this.form && !this.#waiters.length && this.getAttribute('renew') !== 'never'
    this.#dispatch({ type: 'ask' })
    this.#journey.run().then(
      (token) => token && this.#receive(token),
      (error) => this.#fail(error),
    )
  }

  #receive({ token, expiresInMs }: Token, renewed = false) {
    this.#move = null
    this.#keep(token, Date.now() + expiresInMs - TOKEN_MARGIN_MS)
    this.#dispatch({ type: 'token' })
    this.#fire('verified', { token, renewed })
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(token)
    this.#timers = [
      window.setTimeout(() => this.#bury(), expiresInMs - TOKEN_MARGIN_MS),
      window.setTimeout(() => this.#renew(), expiresInMs * TOKEN_RENEWED_AT),
    ]
  }

  async #renew() {
    if (!this.#renewable || ++this.#renewals > RENEWALS_MAX) return
    const { signal } = this.#life
    await visible()
    if (signal.aborted || !['success', 'expired'].includes(this.#state.phase)) return
    // If a puzzle would be needed, the box comes back empty and the visitor decides.
    const token = await this.#journey.run(true).catch(() => null)
    if (token && !signal.aborted) this.#receive(token, true)
  }

  /** Takes a dead token out of the form. Also asked whenever somebody looks, as timers sleep when machines do. */
  #bury() {
    if (!this.#field.value || Date.now() < this.#deadAt) return
    this.#keep('', 0)
    this.#dispatch({ type: 'lapse' })
  }

  #keep(token: string, deadAt: number) {
    this.#timers.forEach(clearTimeout)
    this.#timers = []
    this.#field.value = token
    this.#deadAt = deadAt
    this.#validate()
  }

  #validate() {
    if (!this.#box) return
    const missing = this.hasAttribute('required') && !this.#field.value && !this.#invisible
    this.#internals.setValidity(
      missing ? { valueMissing: true } : {},
      missing ? this.#required : '',
      this.#box.input,
    )
  }

  #submit(event: SubmitEvent) {
    if (event.target !== this.form || !this.form || this.getResponse() || !this.#invisible) return
    // With nothing to tick, sending the form is the tick.
    event.preventDefault()
    event.stopImmediatePropagation()
    const { form } = this
    this.execute().then(
      () => form.requestSubmit(event.submitter),
      () => {},
    )
  }

  async #show(task: Task) {
    if (task.kind !== this.#kind) {
      this.#view?.destroy()
      this.#view = null
    }
    if (!this.#view) {
      const load = views[task.kind]
      if (!load) throw new Failure('unsupported', 'kind-unknown')
      const { view } = await load().catch(() => {
        throw new Failure('unreachable', 'network-error')
      })
      this.#root.adoptedStyleSheets = [sheet!, sheetOf(view.css)]
      this.#view = await view.mount(this.#panel.place, {
        h,
        icon,
        language: this.#language,
        instead: this.#instead,
        done: (reply, trace) => this.#move?.({ reply, trace }),
        say: (sentence) => this.#panel.say(sentence),
      })
      this.#kind = task.kind
      this.#panel.describe(this.#view.task, this.#view.help)
    }
    await this.#view.show(task.prompt as never)
  }

  #awaitMove(endsAt: number): Promise<Move> {
    this.#moveEndsAt = endsAt
    return new Promise((resolve) => {
      const timer = setTimeout(
        async () => {
          await visible()
          if (this.#move !== move) return
          // Somebody may still be looking, so the picture is renewed; but not for ever.
          if (this.#state.panel && ++this.#renewals <= RENEWALS_MAX) move({ instead: 'another' })
          else this.#lapse()
        },
        endsAt - Date.now() - PUZZLE_MARGIN_MS,
      )
      const move = (made: Move) => {
        clearTimeout(timer)
        this.#move = null
        resolve(made)
      }
      this.#move = move
    })
  }

  #lapse() {
    this.#journey.stop()
    this.#move = null
    this.#dispatch({ type: 'lapse' })
    this.#refuse('challenge-expired')
  }

  #close() {
    // A puzzle waits for the visitor to come back; work that nobody wants ends.
    if (!this.#move) this.#journey.stop()
    this.#dispatch({ type: 'close' })
    this.#refuse('challenge-closed')
  }

  #fail(error: unknown) {
    if (error instanceof DOMException && error.name === 'AbortError') return
    const { trouble, code } =
      error instanceof Failure ? error : new Failure('unsupported', `${error}`)
    this.#journey.stop()
    this.#move = null
    this.#dispatch({ type: 'fail', trouble }, code)
    this.#refuse(code)
  }

  #refuse(code: string) {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(new Error(code))
  }

  #dispatch(event: Happening, code = '') {
    const was = this.#state
    const is = step(was, event)
    this.#state = is
    if (is === was) return
    this.#paint(was, is)
    if (is.panel !== was.panel) this.#fire(is.panel ? 'open' : 'close')
    if (is.phase === 'expired' && was.phase === 'success') this.#fire('expired')
    if (is.down && !was.down) this.#outage.begin()
    // Once per outage, however often it is met.
    const news = is.phase === 'error' && was.phase !== 'error' && is.note !== 'unreachable'
    if (news || (is.down && !was.down)) this.#fire('error', { trouble: is.note, code })
    if (was.down && !is.down) {
      this.#outage.end()
      this.#fire('recovered')
    }
  }

  #paint(was: State, is: State) {
    if (!this.#box) return
    const { input } = this.#box
    this.#box.paint(is)
    this.#panel.paint(is)
    const inside = this.#panel.element.contains(this.#root.activeElement)
    if (is.panel && !was.panel) this.#panel.open(this.#box.element)
    if (is.phase === 'puzzle' && was.phase !== 'puzzle') this.#view?.focus()
    if (is.phase === 'patience' && was.phase !== 'patience') this.#panel.element.focus()
    if (!is.panel && was.panel) {
      this.#panel.close()
      if (inside) input.focus()
    }
  }

  #fire(type: string, detail?: object) {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

function sheetOf(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(text)
  return made
}

/** Waits until somebody can see the page. */
function visible(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return
      document.removeEventListener('visibilitychange', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    look()
  })
}
