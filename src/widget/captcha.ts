import type { Modes } from './appearance.ts'
import { BASE } from './base.ts'
import { float, placeBeside, standBeside } from './beside.ts'
import { makeBox } from './box.ts'
import { Failure, openClient } from './client.ts'
import { h, icon, own } from './dom.ts'
import { guardForm, type Listen, loadHold } from './form.ts'
import { type Move, openJourney } from './journey.ts'
import { ASKABLE, type Event as Happening, START, type State, step } from './machine.ts'
import { readOrder } from './order.ts'
import { openOutage } from './outage.ts'
import { makePanel } from './panel.ts'
import type { Challenge, Task, Token } from './protocol.ts'
import { css } from './styles.css'
import { keepToken } from './token.ts'
import type { Mounted } from './view.ts'
import { views } from './views.ts'
import type { Strings } from './words/strings.ts'
import { wordsOf } from './words.ts'
import { workshop } from './workshop.ts'

/** How often a puzzle, or a token that waits in a form, is renewed without anybody doing anything. */
const RENEWALS_MAX = 12
/** A puzzle is renewed this long before it ends. */
const MARGIN_MS = 30_000

export type Captcha = ReturnType<typeof openCaptcha>

/**
 * Brings an element to life: shows what the machine says, and tells the machine what happens.
 *
 * @param field what the form sends
 * @param signal ends when the element leaves its page
 */
export function openCaptcha(
  element: HTMLElement,
  internals: ElementInternals,
  field: HTMLInputElement,
  signal: AbortSignal,
  language: string,
  strings: Strings,
  { appear, watch, stand = standBeside }: Modes,
) {
  let state = START
  let renewals = 0
  let renewable = false
  /** Whether somebody wants what goes on. */
  let asked = false
  let move: ((move: Move) => void) | null = null
  let view: Mounted<never> | undefined
  let kind = ''
  /** When the service is looked after, as far as this page has heard. */
  let maintenance: Challenge['maintenance']
  /** What is said of that, in place of there being no answer; '' for nothing. */
  let tending = ''
  /** What had the focus when the panel opened. */
  let former: Element | null
  const waiters: { resolve(token: string): void; reject(error: Error): void }[] = []

  const read = (name: string) => element.getAttribute(name) ?? undefined
  /** There is nothing to tick. */
  const invisible = () => appear || read('size') === 'invisible' || read('mode') === 'invisible'
  const fire = (type: string, detail?: object) =>
    element.dispatchEvent(new CustomEvent(type, { detail }))

  // Open, so that assistive technology's checkers and the page's own tests can see in. Nothing in here is secret.
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open', delegatesFocus: true })
  root.adoptedStyleSheets = []
  adopt(css)
  const token = keepToken(field, () => dispatch('lapse'), renew)
  const outage = openOutage(prepare)
  const journey = openJourney(
    openClient(BASE, () => dispatch('answered')),
    workshop,
    { order: () => readOrder(read), meet, dispatch, show, move: awaitMove },
  )
  const box = makeBox(strings, read('privacy') ?? `${BASE}privacy`, read('terms') ?? `${BASE}terms`)
  const frame = h(
    'div',
    { lang: language, dir: read('dir') ?? strings.direction ?? 'ltr' },
    box.element,
  )
  const panel = makePanel(strings, language, frame, stand, adopt, {
    another: () => move?.({ instead: 'another' }),
    patience: () => move?.({ instead: 'patience' }),
    lighter: journey.lighten,
    close,
  })
  const dark = matchMedia('(prefers-color-scheme: dark)')

  root.replaceChildren(frame)
  const captcha = {
    /** The box, and the panel where that has no other place. */
    frame,
    strings,
    signal,
    adopt,
    /** The form was touched, or whatever else the attribute `start` says. */
    begin: prepare,
    /** A submit waits for a token. */
    hold: (_submitter: HTMLElement | null): Promise<unknown> => execute(),
    /** Shows a state, after box and panel do. */
    shown(_state: State) {},
    attempt,
    ask,
    execute,
    close,
    reset,
    paint: () => paint(),
    /** The token while it is good; otherwise ''. */
    token() {
      token.look()
      return field.value
    },
    tokenEndsAt: token.endsAt,
  }
  appear?.(captcha, h, float, placeBeside)
  const on: Listen = (target, type, then) =>
    target.addEventListener(type, then as () => void, { signal, capture: true })
  const give = guardForm(
    element,
    internals,
    field,
    on,
    token.look,
    touch,
    (submitter) => captcha.hold(submitter),
    () => state.phase,
  )
  paint()
  listen()
  fire('ready')
  return captcha

  function dispatch(...event: Happening) {
    const was = state
    state = step(was, ...event)
    if (state === was) return
    paint(was)
    if (state.panel !== was.panel) fire(state.panel ? 'open' : 'close')
    if (state.phase === 'expired' && was.phase === 'success') fire('expired')
    const turned = state.down !== was.down
    if (turned) outage.turn()
    if (event[0] === 'fail') {
      const [, trouble, code] = event
      // An outage is told once, however often it is met.
      if (turned || trouble !== 'unreachable') fire('error', { trouble, code })
    } else if (turned) fire('recovered')
  }

  function paint(was = state) {
    const { phase, panel: open } = state
    const theme = read('theme')
    const shade = theme === 'dark' || (theme !== 'light' && dark.matches)
    frame.className = `root ${phase} ${read('size') ?? ''} ${invisible() ? 'invisible' : ''} ${shade ? 'dark' : ''}`
    const inside = panel.element.contains(root.activeElement)
    if (open && !was.panel) former = own('activeElement')
    box.paint(state, tending)
    box.input.disabled = element.matches(':disabled')
    panel.paint(state, view)
    captcha.shown(state)
    if (phase !== was.phase) {
      if (phase === 'puzzle') view?.focus()
      if (phase === 'patience') panel.element.focus()
    }
    if (inside && !open) {
      // Some browsers focus no box that is clicked.
      const away =
        former !== element && former?.localName !== 'body' && (former as HTMLElement | null)
      ;(away || box.input).focus({ preventScroll: true })
    }
    const valueMissing = element.hasAttribute('required') && !field.value && !invisible()
    internals.setValidity({ valueMissing }, strings.required, box.input)
    // That shows without a box that the service is away, and lets go what may go then: by then it cannot be had.
    if (invisible() || read('guard') === 'open') loadHold().catch(() => {})
  }

  function listen() {
    const start = read('start')

    // The tick is ours to set: it says that the visitor is through, not that the box was pressed.
    on(box.input, 'click', (event) => {
      event.preventDefault()
      ask()
    })
    on(dark, 'change', () => paint())
    on(window, 'online', () => state.down && outage.online())
    on(document, 'visibilitychange', token.look)
    if (start === 'load') captcha.begin()
    watch?.(element, captcha.begin)
    // Not by `on`: the signal takes its own listeners away before it tells them.
    signal.addEventListener('abort', reset)
  }

  function touch() {
    if (state.down) outage.hint()
    else if ((read('start') ?? 'touch') === 'touch') captcha.begin()
  }

  function meet({ test, mode, maintenance: window }: Challenge) {
    maintenance = window
    if (test) box.test()
    if (mode === 'invisible') element.setAttribute('mode', mode)
  }

  /** Gets ahead: asks for a challenge and does its work before anybody asks. */
  async function prepare() {
    // What goes on is not to be disturbed, and a token or a puzzle that waits needs nothing.
    if (field.value || move || !ASKABLE.includes(state.phase)) return
    // A refusal is told when somebody asks; an outage the page should know of as soon as may be.
    const begun = journey.prepare()
    begun.catch((error) => error.trouble === 'unreachable' && fail(error))
    await begun.then(({ work }) => work).catch(() => {})
  }

  /** Gets a token if that needs nobody; otherwise the box waits for its tick. True if somebody is needed. */
  async function attempt() {
    if (field.value || move || !ASKABLE.includes(state.phase)) return false
    renews()
    asked = false
    dispatch('ask')
    const got = await journey.run(true).catch((error) => {
      fail(error)
      return undefined
    })
    if (got) receive(got)
    // Nobody was asked anything: that it was tried is no news.
    if (got === null) dispatch('reset')
    if (asked && !got) ask()
    return got === null
  }

  function ask() {
    asked = true
    if (!ASKABLE.includes(state.phase)) return
    // The puzzle was closed, and is still there.
    if (move) return dispatch('puzzle', null)
    renews()
    dispatch('ask')
    journey.run().then((got) => receive(got!), fail)
  }

  /** Only a token that waits in a form is worth renewing; whoever asked by a call has it already. */
  function renews() {
    renewals = 0
    renewable = !!internals.form && !waiters.length && read('renew') !== 'never'
  }

  function receive(got: Token, renewed = false) {
    token.put(got)
    dispatch('token')
    fire('verified', { token: got.token, renewed })
    for (const { resolve } of waiters.splice(0)) resolve(got.token)
  }

  async function renew() {
    if (!renewable || ++renewals > RENEWALS_MAX) return
    await seen()
    if (state.phase !== 'success' && state.phase !== 'expired') return
    // If a puzzle would be needed, the box comes back empty and the visitor decides.
    const got = await journey.run(true).catch(() => null)
    if (got) receive(got, true)
  }

  async function show(task: Task) {
    if (task.kind !== kind) {
      const loaded = await views[task.kind]!().catch(() => {
        throw new Failure('unreachable')
      })
      adopt(loaded.view.css)
      view = await loaded.view.mount(panel.place, {
        h,
        icon,
        words: (en) => wordsOf(task.kind, language, en),
        instead: strings.instead,
        done: (reply, trace) => move?.({ reply, trace }),
        say: panel.say,
      })
      kind = task.kind
    }
    await view!.show(task.prompt as never)
  }

  function awaitMove(endsAt: number): Promise<Move> {
    return new Promise((resolve) => {
      const made = (what: Move) => {
        move = null
        resolve(what)
      }
      move = made
      setTimeout(
        async () => {
          await seen()
          if (move !== made) return
          // Somebody may still be looking, so the picture is renewed; but not for ever.
          if (state.panel && ++renewals <= RENEWALS_MAX) made({ instead: 'another' })
          else end('challenge-expired', 'lapse')
        },
        endsAt - Date.now() - MARGIN_MS,
      )
    })
  }

  /** Gives up whatever goes on, and whoever waits for it. */
  function end(code: string, ...event: Happening) {
    journey.stop()
    move = null
    turnDown(code, ...event)
  }

  function turnDown(code: string, ...event: Happening) {
    dispatch(...event)
    for (const { reject } of waiters.splice(0)) reject(new Error(code))
  }

  function close() {
    // A puzzle waits for the visitor to come back; work that nobody wants ends.
    const finish = move ? turnDown : end
    finish('challenge-closed', 'close')
  }

  function fail({ name, message, trouble = 'unsupported', until }: Partial<Failure>) {
    if (name === 'AbortError') return
    const { startsAt = Infinity, endsAt = 0 } = maintenance ?? {}
    const now = Date.now()
    // What it says counts, and otherwise what it had announced.
    if (trouble === 'unreachable' && startsAt < now && now < endsAt) until ??= endsAt
    tending = until
      ? strings.maintenance.replace(
          '{}',
          // In the visitor's zone; with its day where the hour alone would mislead.
          new Date(until).toLocaleString(language, {
            timeStyle: 'short',
            dateStyle: until - now > 432e5 ? 'long' : undefined,
          }),
        )
      : ''
    // What a browser says of what it lacks is no code.
    const code = trouble === 'unsupported' ? trouble : message!
    end(code, 'fail', trouble, code)
  }

  async function execute(): Promise<string> {
    token.look()
    give()
    return (
      field.value ||
      new Promise((resolve, reject) => {
        waiters.push({ resolve, reject })
        ask()
      })
    )
  }

  function reset() {
    token.clear()
    end('challenge-reset', 'reset')
  }

  /** Styles are adopted, never written into the page: a strict content policy allows no others. */
  function adopt(text: string) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    root.adoptedStyleSheets.push(sheet)
  }
}

/** Waits until somebody can see the page. */
async function seen() {
  while (own('hidden'))
    await new Promise((resolve) =>
      document.addEventListener('visibilitychange', resolve, { once: true }),
    )
}
