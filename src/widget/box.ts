import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Strings } from './strings/strings.ts'

/** Nothing needs saying about what takes no longer. */
const SILENCE_MS = 1_500

const RING = 'M14 1a13 13 0 0 1 0 26a13 13 0 0 1 0-26'
/** A ring with a gap, and the tick that goes through it. */
const MARK = 'M16.5 7a7 7 0 1 0 .5 3M7 9.5l3 3 7.5-8'

/** The box: a native checkbox with its label, a line that says how things stand, a mark and two links. */
export function makeBox(strings: Strings, privacy: string, terms: string) {
  const input = h('input', { type: 'checkbox', id: 'box', 'aria-describedby': 'now' })
  const status = h('span', { role: 'status' })
  const alert = h('span', { role: 'alert' })
  const arc = stroke('arc', RING)
  const test = h('b', { class: 'test' })
  const element = h(
    'div',
    { class: 'box' },
    h(
      'div',
      { class: 'control' },
      input,
      arc,
      stroke('tick', 'M8.5 14.5l4 4 7.5-8.5'),
      stroke('bang', 'M14 8v7M14 20v.1'),
    ),
    h(
      'div',
      { class: 'words' },
      h('label', { for: 'box' }, strings.label),
      h('div', { id: 'now' }, status, alert),
    ),
    h(
      'div',
      { class: 'about' },
      test,
      h('div', { class: 'mark' }, icon(MARK), 'One Captcha'),
      ...link(privacy, strings.privacy),
      ...link(terms, strings.terms),
    ),
  )
  let timer = 0

  return {
    element,
    input,
    paint({ phase, share, note }: State) {
      const settled = phase === 'success' || phase === 'expired'
      const waits = phase === 'working' || phase === 'checking'
      const said = settled || waits ? strings[phase] : ''
      input.checked = phase === 'success'
      arc.style.strokeDasharray = `${share * 100} 100`
      alert.textContent = phase === 'error' ? strings[note as 'busy'] : ''
      clearTimeout(timer)
      // A word that is being read may change; a new one about a short wait would only flicker.
      if (!waits || status.textContent) status.textContent = said
      else
        timer = window.setTimeout(() => {
          status.textContent = said
        }, SILENCE_MS)
    },
    /** Shows that the site's key is for testing. */
    test(on: boolean) {
      test.textContent = on ? strings.test : ''
    },
  }
}

function stroke(name: string, path: string) {
  const svg = icon(path, { class: name, viewBox: '0 0 28 28' })
  svg.firstElementChild!.setAttribute('pathLength', '100')
  return svg
}

/** No link where there is nothing to link to. */
function link(href: string, text: string) {
  return href ? [h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text)] : []
}
