import { h, icon } from './dom.ts'
import type { Language } from './language.ts'
import type { State } from './machine.ts'
import type { Strings } from './strings/strings.ts'
import type { Mounted } from './view.ts'

const WIDTH_PX = 322
const PHONE_PX = 480
const GAP_PX = 8

const AGAIN = 'M16 10a6 6 0 1 1-2-4.5M16.5 3v4h-4'
const HELP = 'M7.5 7.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M10 14.5v.1'
const CLOSE = 'M5 5l10 10M15 5L5 15'

/**
 * The panel by the box: a sentence of what to do, the puzzle, and the ways around it.
 *
 * @param anchor what it opens by; where that cannot be seen, it opens in the middle of the window
 */
export function makePanel(
  strings: Strings,
  language: Language,
  anchor: Element,
  actions: Record<'another' | 'patience' | 'lighter' | 'close', () => void>,
) {
  const task = h('h2', { id: 'task' })
  const alert = h('p', { role: 'alert', class: 'small' })
  const wait = h('p', { role: 'status', class: 'wait' })
  const place = h('div')
  const more = h('p', { class: 'small', id: 'help', hidden: true })
  const bar = h('div', { role: 'progressbar', class: 'bar', 'aria-label': strings.working })
  const rest = h('span', { class: 'small' })
  const lighter = button(actions.lighter, { class: 'plain', hidden: true }, strings.lighter)
  const seconds = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'long',
    maximumSignificantDigits: 2,
  })
  const help = tool(HELP, strings.help, () => {
    more.hidden = !more.hidden
    help.ariaExpanded = `${!more.hidden}`
    settle()
  })
  help.ariaExpanded = 'false'
  const element = h(
    'section',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'task', tabindex: -1, hidden: true },
    task,
    alert,
    h('div', { class: 'stack' }, place, wait),
    h(
      'div',
      { class: 'work' },
      strings.patienceHelp,
      bar,
      rest,
      lighter,
      button(actions.close, { class: 'plain' }, strings.cancel),
    ),
    h(
      'div',
      { class: 'tools' },
      tool(AGAIN, strings.another, actions.another),
      button(actions.patience, { class: 'plain' }, strings.instead),
      help,
      tool(CLOSE, strings.close, actions.close),
    ),
    // Last, so that nothing moves from under a finger when it opens.
    more,
  )
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') actions.close()
  })
  // The top layer is above everything a page may have; without it the panel stands in the text, below the box.
  const floats = 'popover' in element
  if (floats) element.popover = 'manual'
  let title = ''
  let hint = ''

  function settle() {
    if (!floats || element.hidden) return
    const { style } = element
    const { top, bottom, left, right, height } = anchor.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    const width = clientWidth < PHONE_PX ? clientWidth - 2 * GAP_PX : WIDTH_PX
    style.width = `${width}px`
    const tall = element.offsetHeight
    const above = top - GAP_PX - tall
    const below = bottom + GAP_PX
    const start = getComputedStyle(element).direction === 'rtl' ? right - width : left
    const y = !height
      ? (clientHeight - tall) / 2
      : below + tall > clientHeight && above > 0
        ? above
        : below
    const x = height ? Math.min(start, clientWidth - width - GAP_PX) : (clientWidth - width) / 2
    // In the document's own coordinates, so that the panel goes along when the page is scrolled.
    style.top = `${Math.max(y + scrollY, GAP_PX)}px`
    style.left = `${Math.max(x, GAP_PX) + scrollX}px`
  }

  function say(sentence: string) {
    alert.textContent = sentence
    settle()
  }

  return {
    element,
    place,
    say,
    /** Takes over what the view says about itself. */
    describe(view: Pick<Mounted<never>, 'task' | 'hint' | 'help'>) {
      title = view.task
      hint = view.hint
      more.textContent = view.help
    },
    paint({ phase, share, restMs, note, panel }: State) {
      task.textContent = phase === 'patience' ? strings.patience : title
      wait.textContent = phase === 'checking' ? strings.working : ''
      bar.ariaValueNow = `${Math.round(share * 100)}`
      bar.style.setProperty('--share', `${share}`)
      // Once offered it stays, so that nothing moves from under a finger.
      if (restMs || phase !== 'patience') lighter.hidden = !restMs
      rest.textContent = restMs ? `≈ ${seconds.format(Math.ceil(restMs / 1_000))}` : ''
      const opens = element.hidden === panel
      if (opens) {
        element.hidden = !panel
        if (floats) element.togglePopover(panel)
        const listen = panel ? addEventListener : removeEventListener
        listen('resize', settle)
        listen('scroll', settle, true)
      }
      // What the view said stays until something else has happened.
      if (phase !== 'checking')
        say(strings.retry[note as 'off-target'] ?? (phase === 'puzzle' ? hint : ''))
      if (opens && panel) element.scrollIntoView({ block: 'nearest' })
    },
  }
}

/** A button that sends no form. */
function button(
  onclick: () => void,
  attributes: Record<string, string | boolean>,
  ...children: (Node | string)[]
) {
  return h('button', { type: 'button', onclick, ...attributes }, ...children)
}

function tool(path: string, name: string, onclick: () => void) {
  return button(onclick, { 'aria-label': name, title: name }, icon(path))
}
