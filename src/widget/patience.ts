import type { h as make } from './dom.ts'
import type { State } from './machine.ts'
import type { Actions } from './panel.ts'
import type { Strings } from './words/strings.ts'

export { css } from './patience.css'

export type Patience = ReturnType<typeof makePatience>

/** What the panel shows while the device works in place of a puzzle. Loaded for the few who wait; `h` comes with them. */
export function makePatience(h: typeof make, strings: Strings, language: string, actions: Actions) {
  const bar = h('div', { role: 'progressbar', class: 'bar', 'aria-label': strings.working })
  const rest = h('span', 'small')
  const lighter = h('button', { class: 'plain', onclick: actions.lighter }, strings.lighter)
  const seconds = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'long',
    maximumSignificantDigits: 2,
  })
  const element = h(
    'div',
    'work',
    strings.patienceHelp,
    bar,
    rest,
    h(
      'div',
      'choices',
      lighter,
      h('button', { class: 'plain', onclick: actions.close }, strings.cancel),
    ),
  )
  return {
    element,
    paint({ phase, share, restMs }: State) {
      bar.ariaValueNow = `${Math.round(share * 100)}`
      bar.style.setProperty('--share', `${share}`)
      // Once offered it stays, so that nothing moves from under a finger.
      if (restMs || phase !== 'patience') lighter.hidden = !restMs
      rest.textContent = restMs ? `≈ ${seconds.format(Math.ceil(restMs / 1_000))}` : ''
    },
  }
}
