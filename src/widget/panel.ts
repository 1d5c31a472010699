import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Patience } from './patience.ts'
import type { Mounted } from './view.ts'
import type { Strings } from './words/strings.ts'

const GAP_PX = 8

const AGAIN = 'M16 10a6 6 0 1 1-2-4.5M16.5 3v4h-4'
const HELP = 'M7.5 7.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M10 14.5v.1'
const CLOSE = 'M5 5l10 10M15 5L5 15'

export type Actions = Record<'another' | 'patience' | 'lighter' | 'close', () => void>

/**
 * The panel by the box: a sentence of what to do, the puzzle, and the ways around it.
 *
 * @param anchor what it opens by; where that cannot be seen, it opens in the middle of the window
 * @param adopt takes styles in
 */
export function makePanel(
  strings: Strings,
  language: string,
  anchor: Element,
  adopt: (css: string) => void,
  actions: Actions,
) {
  const task = h('h2', { id: 'task' })
  const alert = h('p', { role: 'alert', class: 'small' })
  const wait = h('p', { role: 'status', class: 'wait' })
  const place = h('div')
  const more = h('p', { class: 'small', id: 'help', hidden: true })
  const help = tool(HELP, strings.help, () => {
    more.hidden = !more.hidden
    help.ariaExpanded = `${!more.hidden}`
    settle()
  })
  help.ariaExpanded = 'false'
  const element = h(
    'section',
    { class: 'panel', role: 'dialog', 'aria-labelledby': 'task', tabIndex: -1, hidden: true },
    task,
    alert,
    h('div', 'stack', place, wait),
    h(
      'div',
      'tools',
      tool(AGAIN, strings.another, actions.another),
      h('button', { class: 'plain', onclick: actions.patience }, strings.instead),
      help,
      tool(CLOSE, strings.close, actions.close),
    ),
    // Last, so that nothing moves from under a finger when it opens.
    more,
  )
  element.onkeydown = (event) => {
    if (event.key === 'Escape') actions.close()
  }
  // The top layer is above everything a page may have; without it the panel stands in the text, below the box.
  const floats = 'popover' in element
  if (floats) element.popover = 'manual'
  let patience: Promise<Patience> | undefined

  /** Puts the panel by its anchor. The browser itself has it in the middle of the window. */
  function settle() {
    const { top, bottom, left, right, height } = anchor.getBoundingClientRect()
    if (!floats || !height) return
    const { offsetWidth, offsetHeight } = element
    const { clientWidth, clientHeight } = document.documentElement
    const start = element.parentElement!.dir === 'rtl' ? right - offsetWidth : left
    const x = Math.max(Math.min(start, clientWidth - offsetWidth - GAP_PX), GAP_PX)
    const above = top - GAP_PX - offsetHeight
    const below = bottom + GAP_PX
    const y = below + offsetHeight > clientHeight && above > 0 ? above : below
    // In the document's own coordinates, so that the panel goes along when the page is scrolled.
    element.style.cssText = `position:absolute;margin:0;inset:${Math.max(y + scrollY, GAP_PX)}px auto auto ${x + scrollX}px`
  }

  function say(sentence: string) {
    alert.textContent = sentence
    settle()
  }

  return {
    element,
    place,
    say,
    /** @param view says of itself what is to be done */
    paint(state: State, view: Mounted<never> | undefined) {
      const { phase, note, panel } = state
      const patient = phase === 'patience'
      more.textContent = view?.help ?? ''
      task.textContent = (patient ? strings.patienceTask : view?.task) ?? ''
      wait.textContent = phase === 'checking' ? strings.working : ''
      if (patient)
        patience ??= import('./patience.ts').then(({ css, makePatience }) => {
          adopt(css)
          const made = makePatience(h, strings, language, actions)
          alert.after(made.element)
          return made
        })
      // Where it cannot be had, the heading says enough.
      patience?.then(
        (made) => made.paint(state),
        () => {},
      )
      const opens = element.hidden === panel
      if (opens) {
        element.hidden = !panel
        // Out of the page it is closed already, and says so.
        if (floats && element.isConnected) element.togglePopover(panel)
        const listen = panel ? addEventListener : removeEventListener
        listen('resize', settle)
        listen('scroll', settle, true)
      }
      // What the view said stays until something else has happened.
      if (phase !== 'checking')
        say((panel && strings[note as 'off-target']) || (phase === 'puzzle' && view?.hint) || '')
      if (opens && panel) element.scrollIntoView({ block: 'nearest' })
    },
  }
}

function tool(path: string, name: string, onclick: () => void) {
  return h('button', { 'aria-label': name, title: name, onclick }, icon(path))
}
