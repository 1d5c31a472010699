import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Strings } from './strings/strings.ts'

/** What a person may do in the panel beside solving the puzzle. */
export interface PanelActions {
  another(): void
  patience(): void
  close(): void
}

/** The panel by the box: a sentence of what to do, the puzzle, and the ways around it. */
export interface Panel {
  readonly element: HTMLElement
  /** Where the view goes. */
  readonly place: HTMLElement
  /** Says what to do, and the longer version. */
  describe(task: string, help: string): void
  say(sentence: string): void
  paint(state: State): void
  /** Opens by the anchor; in the middle of the window if that cannot be seen. */
  open(anchor: Element): void
  close(): void
}

const WIDTH_PX = 322
const PHONE_PX = 480
const GAP_PX = 8

const AGAIN = 'M16 10a6 6 0 1 1-2-4.5M16.5 3v4h-4'
const HELP = 'M7.5 7.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M10 14.5v.1'
const CLOSE = 'M5 5l10 10M15 5L5 15'

export function makePanel(strings: Strings, actions: PanelActions): Panel {
  const task = h('h2', { id: 'task' })
  const alert = h('p', { role: 'alert', class: 'note' })
  const wait = h('p', { role: 'status', class: 'wait' })
  const place = h('div', { class: 'place' })
  const more = h('p', { class: 'help', id: 'help', hidden: true })
  const bar = h('div', {
    role: 'progressbar',
    'aria-label': strings.working,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  })
  const patience = h(
    'div',
    { class: 'patience' },
    h('p', {}, strings.patienceHelp),
    bar,
    h('button', { type: 'button', class: 'plain', onclick: actions.close }, strings.cancel),
  )
  const help = tool(HELP, strings.help, () => {
    more.hidden = !more.hidden
    help.setAttribute('aria-expanded', `${!more.hidden}`)
    settle()
  })
  help.setAttribute('aria-expanded', 'false')
  help.setAttribute('aria-controls', 'help')
  const tools = h(
    'div',
    { class: 'tools' },
    tool(AGAIN, strings.another, actions.another),
    h('button', { type: 'button', class: 'plain', onclick: actions.patience }, strings.instead),
    help,
    tool(CLOSE, strings.close, actions.close),
  )
  const element = h(
    'section',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'task', tabindex: -1, hidden: true },
    h('header', {}, task),
    alert,
    h('div', { class: 'stack' }, place, wait),
    patience,
    more,
    tools,
  )
  // The top layer is above everything a page may have; without it the panel stands in the text, below the box.
  const floats = 'showPopover' in element
  if (floats) element.popover = 'manual'
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.stopPropagation()
    actions.close()
  })

  let anchor: Element | null = null
  let said = { task: '', help: '' }

  function settle() {
    if (!anchor || !floats) return
    const box = anchor.getBoundingClientRect()
    const { clientWidth: width, clientHeight: height } = document.documentElement
    const own = width < PHONE_PX ? width - 2 * GAP_PX : WIDTH_PX
    const { style } = element
    style.width = `${own}px`
    const tall = element.offsetHeight
    const unseen = !box.height
    const above = box.bottom + GAP_PX + tall > height && box.top >= tall + GAP_PX
    const top = unseen ? (height - tall) / 2 : above ? box.top - GAP_PX - tall : box.bottom + GAP_PX
    const start = getComputedStyle(element).direction === 'rtl' ? box.right - own : box.left
    const left = unseen ? (width - own) / 2 : start
    // In the document's own coordinates, so that the panel goes along when the page is scrolled.
    style.top = `${Math.max(top + scrollY, GAP_PX)}px`
    style.left = `${Math.max(Math.min(left, width - own - GAP_PX), GAP_PX) + scrollX}px`
  }

  return {
    element,
    place,
    describe(sentence, help) {
      said = { task: sentence, help }
    },
    say(sentence) {
      alert.textContent = sentence
      settle()
    },
    paint({ phase, share, note }) {
      const waits = phase === 'patience'
      task.textContent = waits ? strings.patience : said.task
      more.textContent = said.help
      element.dataset.phase = phase
      place.inert = phase !== 'puzzle'
      wait.textContent = phase === 'checking' ? strings.working : ''
      bar.setAttribute('aria-valuenow', `${Math.round(share * 100)}`)
      bar.style.setProperty('--share', `${share}`)
      if (phase === 'puzzle' || waits) {
        const sentence = strings.retry[note as 'off-target'] ?? ''
        if (alert.textContent !== sentence) this.say(sentence)
      }
    },
    open(by) {
      anchor = by
      element.hidden = false
      if (floats) element.showPopover()
      settle()
      addEventListener('resize', settle)
      addEventListener('scroll', settle, { capture: true, passive: true })
      element.scrollIntoView({ block: 'nearest' })
    },
    close() {
      anchor = null
      removeEventListener('resize', settle)
      removeEventListener('scroll', settle, { capture: true })
      if (floats && element.matches(':popover-open')) element.hidePopover()
      element.hidden = true
    },
  }
}

function tool(path: string, name: string, onclick: () => void) {
  return h(
    'button',
    { type: 'button', class: 'tool', 'aria-label': name, title: name, onclick },
    icon(path),
  )
}
