import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Strings } from './strings/strings.ts'

/** The box: a native checkbox with its label, a line that says how things stand, a mark and two links. */
export interface Box {
  readonly element: HTMLElement
  readonly input: HTMLInputElement
  paint(state: State): void
  /** Shows that the site's key is for testing. */
  test(on: boolean): void
}

/** Nothing needs saying about what takes no longer. */
const SILENCE_MS = 1_500

const EMPTY = 'M8 2h12a6 6 0 0 1 6 6v12a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6z'
const RING = 'M14 2a12 12 0 1 1 0 24a12 12 0 1 1 0-24z'
const TICK = 'M8 14.5l4.2 4.2L20 10'
const BANG = 'M14 7.5v8M14 20v.2'
/** A ring with a gap, and the piece that fits it. */
const MARK = 'M16.5 8A7 7 0 1 0 17 10M9 10.5l2.5 2.5L18 5.5'

export function makeBox(strings: Strings, links: { privacy: string; terms: string }): Box {
  const input = h('input', { type: 'checkbox', id: 'box', 'aria-describedby': 'now' })
  const status = h('span', { role: 'status' })
  const alert = h('span', { role: 'alert' })
  const arc = stroke(RING, 'arc', { pathLength: 100 })
  const test = h('b', { class: 'test' })
  const element = h(
    'div',
    { class: 'box' },
    h(
      'span',
      { class: 'control' },
      input,
      stroke(EMPTY, 'empty'),
      stroke(RING, 'track'),
      arc,
      stroke(TICK, 'tick', { pathLength: 100 }),
      stroke(BANG, 'bang'),
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
      h('span', { class: 'mark' }, icon(MARK), 'One Captcha'),
      h('span', {}, link(links.privacy, strings.privacy), link(links.terms, strings.terms)),
    ),
  )
  let timer = 0

  return {
    element,
    input,
    paint({ phase, share, note }) {
      element.dataset.phase = phase
      input.checked = phase === 'success'
      arc.style.strokeDasharray = `${share * 100} 100`
      const failed = phase === 'error'
      alert.textContent = failed && note ? strings[note as 'busy'] : ''
      const said =
        phase === 'working' || phase === 'checking' || phase === 'success' || phase === 'expired'
          ? strings[phase]
          : ''
      clearTimeout(timer)
      // A word the visitor already reads stays; a new one about a short wait would only flicker.
      if (!said || phase === 'success' || phase === 'expired' || status.textContent)
        status.textContent = said
      else timer = window.setTimeout(() => (status.textContent = said), SILENCE_MS)
    },
    test(on) {
      test.textContent = on ? strings.test : ''
    },
  }
}

function stroke(path: string, name: string, attributes = {}) {
  const svg = icon(path, { class: name, viewBox: '0 0 28 28' })
  for (const [key, value] of Object.entries(attributes))
    svg.firstElementChild!.setAttribute(key, `${value}`)
  return svg
}

function link(href: string, text: string) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text)
}
