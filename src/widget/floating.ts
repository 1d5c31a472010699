import type { Modes } from './appearance.ts'
import type { Area, placeBeside, Size } from './beside.ts'
import { css } from './floating.css'
import type { MakeStand } from './stand.ts'

const GAP_PX = 8

/**
 * Where something goes at a button, without covering it: below, above, or at its side. Where none of them has room it goes
 * below, out of the window; or, in a page that cannot be scrolled, to where there is most room, and is only so high.
 *
 * @param beside where it goes if it may cover the button
 * @param scrolls whether the page can be scrolled to it
 */
export function placeAt(
  button: Area,
  { width, height }: Size,
  window: Size,
  beside: ReturnType<typeof placeBeside>,
  scrolls: boolean,
): { x: number; y: number; height?: number } {
  const { x, y } = beside
  if (y >= button.bottom || y + height <= button.top) return beside
  const right = button.right + GAP_PX
  const left = button.left - GAP_PX - width
  if (right + width + GAP_PX <= window.width) return { x: right, y }
  if (left >= GAP_PX) return { x: left, y }
  const below = button.bottom + GAP_PX
  if (scrolls) return { x, y: below }
  const above = button.top - GAP_PX
  return above > window.height - below
    ? { x, y: GAP_PX, height: above - GAP_PX }
    : { x, y: below, height: window.height - below - GAP_PX }
}

/** Has the panel stand below the box, in what floats. */
export const stand: MakeStand = (element) => {
  element.role = 'group'
  return { open() {}, close() {} }
}

/** Shows the box, and the panel below it, at the button that was pressed, for as long as somebody waits for the token. */
export const appear: Modes['appear'] = (captcha, h, float, placeBeside) => {
  const { frame, strings, execute } = captcha
  const bubble = h('div', { class: 'float', role: 'dialog', 'aria-label': strings.label })
  const stand = float(bubble, (size, window, end) => {
    const area = button?.getBoundingClientRect()
    if (!area?.height) return undefined
    const beside = placeBeside(area, size, window, end)
    const at = placeAt(area, size, window, beside, pageScrolls())
    // Once for each size: it may be scrolled away again.
    if (at.y + size.height > window.height && size.height !== heightPx)
      requestAnimationFrame(() => bubble.scrollIntoView({ block: 'nearest' }))
    heightPx = size.height
    return at
  })
  let button: HTMLElement | null = null
  let heightPx = 0
  let wanted = false
  let shown = false
  let gone: ((through: boolean) => void)[] = []
  frame.replaceWith(bubble)
  bubble.append(frame)
  captcha.adopt(css)

  function turn(through: boolean) {
    const listen = shown ? addEventListener : removeEventListener
    listen('keydown', leave)
    if (shown) return stand.open()
    const inside = bubble.matches(':focus-within')
    stand.close()
    if (inside) button?.focus({ preventScroll: true })
    for (const tell of gone) tell(through)
    gone = []
  }

  function leave(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    // A dialog of the page's that the form is in stays.
    event.preventDefault()
    // A puzzle is there again the next time; nothing else is worth keeping.
    captcha.close()
    if (shown) captcha.reset()
  }

  captcha.hold = (submitter) => {
    button = submitter
    wanted = true
    const left = new Promise<void>((resolve, reject) => {
      gone.push((through) => (through ? resolve() : reject(new Error('challenge-closed'))))
    })
    // What could not be done is told in the box, which is there to be ticked: that may bring a token yet.
    return Promise.race([left, execute().catch(() => left)])
  }
  captcha.shown = ({ phase }) => {
    const over = ['idle', 'success', 'expired'].includes(phase)
    const shows = wanted && !over
    if (over) wanted = false
    if (shows === shown) return
    shown = shows
    turn(phase === 'success')
  }
}

function pageScrolls() {
  return [document.documentElement, document.body].every(
    (element) => !/hidden|clip/.test(getComputedStyle(element).overflowY),
  )
}
