import { h, icon } from './dom.ts'
import type { State } from './machine.ts'
import type { Strings } from './words/strings.ts'

/** Nothing needs saying about what takes no longer. */
const SILENCE_MS = 1_500

const RING = 'M10 .7a9.3 9.3 0 0 1 0 18.6a9.3 9.3 0 0 1 0-18.6'
/** A ring with a gap, and the tick that goes through it. */
const MARK = 'M16.5 7a7 7 0 1 0 .5 3M7 9.5l3 3 7.5-8'

/** The box: a native checkbox with its label, a line that says how things stand, a mark and two links. */
export function makeBox(strings: Strings, privacy: string, terms: string) {
  const input = h('input', { type: 'checkbox', id: 'box', 'aria-describedby': 'now' })
  const status = h('span', { role: 'status' })
  const alert = h('span', { role: 'alert' })
  const arc = icon(RING, 'arc')
  const mark = h('div', 'mark', icon(MARK), 'One Captcha')
  const element = h(
    'div',
    'box',
    h(
      'div',
      'control',
      input,
      arc,
      icon('M6 10.4l2.9 2.9 5.3-6.1', 'tick'),
      icon('M10 5.7v5M10 14.3v.1', 'bang'),
    ),
    h(
      'div',
      'words',
      h('label', { for: 'box' }, strings.label),
      h('div', { id: 'now' }, status, alert),
    ),
    h('div', 'about', mark, link(privacy, strings.privacy), link(terms, strings.terms)),
  )
  let timer: ReturnType<typeof setTimeout>

  return {
    element,
    input,
    /** @param tending what is said in place of an outage, while the service is looked after */
    paint({ phase, share, note }: State, tending: string) {
      const said = strings[phase as 'working'] ?? ''
      input.checked = phase === 'success'
      arc.style.strokeDasharray = `${share * 100} 100`
      alert.textContent = phase === 'error' ? tending || strings[note as 'busy'] : ''
      clearTimeout(timer)
      // A word that is being read may change; a new one about a short wait would only flicker.
      if (status.textContent || (phase !== 'working' && phase !== 'checking'))
        status.textContent = said
      else
        timer = setTimeout(() => {
          status.textContent = said
        }, SILENCE_MS)
    },
    /** Shows that the site's key is for testing. */
    test() {
      mark.className = 'test'
      mark.textContent = strings.test
    },
  }
}

/** No link where there is nothing to link to, nor to a script: the page may say what its visitors wrote. */
function link(href: string, text: string) {
  const made = h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text)
  return /^https?:/.test(href && made.href) ? made : ''
}
