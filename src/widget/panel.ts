import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Patience } from './patience.ts'
import type { MakeStand } from './stand.ts'
import type { Mounted } from './view.ts'
import type { Strings } from './words/strings.ts'

const AGAIN = 'M16 10a6 6 0 1 1-2-4.5M16.5 3v4h-4'
const HELP = 'M7.5 7.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M10 14.5v.1'
const CLOSE = 'M5 5l10 10M15 5L5 15'

export type Actions = Record<'another' | 'patience' | 'lighter' | 'close', () => void>

/**
 * The panel: a sentence of what to do, the puzzle, and the ways around it.
 *
 * @param frame what it is in, below the box
 * @param makeStand has it stand where it is to be seen
 * @param adopt takes styles in
 */
export function makePanel(
  strings: Strings,
  language: string,
  frame: Element,
  makeStand: MakeStand,
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
    if (event.key !== 'Escape') return
    // A dialog of the page's that the form is in stays.
    event.preventDefault()
    actions.close()
  }
  frame.append(element)
  const stand = makeStand(element, adopt, actions.close)
  let patience: Promise<Patience> | undefined

  function say(sentence: string) {
    alert.textContent = sentence
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
      // What the view said stays until something else has happened.
      if (phase !== 'checking')
        say((panel && strings[note as 'off-target']) || (phase === 'puzzle' && view?.hint) || '')
      if (element.hidden !== panel) return
      element.hidden = !panel
      if (panel) stand.open()
      else stand.close()
    },
  }
}

function tool(path: string, name: string, onclick: () => void) {
  return h('button', { 'aria-label': name, title: name, onclick }, icon(path))
}
