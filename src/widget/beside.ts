import { own } from './dom.ts'
import type { MakeStand, Stand } from './stand.ts'

/** Clear of what it stands by, and of the window's edges. */
const GAP_PX = 8

/** Part of a window, in CSS pixels from its top left corner. */
export type Area = Readonly<Record<'top' | 'bottom' | 'left' | 'right', number>>
export type Size = Readonly<Record<'width' | 'height', number>>

/**
 * Where something goes by something else: below, or above where there is no room below. Where neither has room it is
 * kept within the window, across what it stands by.
 *
 * @param end whether their right edges are in line: in languages that begin on the right
 */
export function placeBeside(anchor: Area, size: Size, window: Size, end: boolean) {
  const { width, height } = size
  const lowest = window.height - height - GAP_PX
  const below = anchor.bottom + GAP_PX
  const above = anchor.top - height - GAP_PX
  return {
    x: within(end ? anchor.right - width : anchor.left, window.width - width - GAP_PX),
    y: below <= lowest ? below : within(above > 0 ? above : lowest, lowest),
  }
}

const within = (at: number, most: number) => Math.max(Math.min(at, most), GAP_PX)

/** @param end whether lines begin on the right */
type Place = (
  size: Size,
  window: Size,
  end: boolean,
) => { x: number; y: number; height?: number } | undefined

/**
 * Has something stand above everything that the page may have, from its opening to its closing.
 *
 * @param place where that is, in the window; if nowhere, it stands in the middle, where browsers put it
 */
export function float(element: HTMLElement, place: Place): Stand {
  const watch = new ResizeObserver(settle)
  element.popover = 'manual'

  function settle() {
    const { style } = element
    const { clientWidth, clientHeight } = own('documentElement')
    style.maxHeight = ''
    const { offsetWidth: width, offsetHeight: height } = element
    const end = getComputedStyle(element).direction === 'rtl'
    const at = place({ width, height }, { width: clientWidth, height: clientHeight }, end)
    // In the document's own coordinates, so that it goes along when the page is scrolled.
    if (at)
      style.cssText = `position:absolute;margin:0;inset:${at.y + scrollY}px auto auto ${at.x + scrollX}px;max-height:${at.height ? `${at.height}px` : ''}`
  }

  /** What scrolls with the whole page, or within this, goes along anyway. */
  function follow(event: Event) {
    const at = event.composedPath()[0] as Node
    if (at !== document && !element.contains(at)) settle()
  }

  function listen(to: typeof addEventListener) {
    to('resize', settle)
    to('scroll', follow, true)
  }
  return {
    open() {
      element.style.cssText = ''
      element.showPopover()
      settle()
      watch.observe(element)
      listen(addEventListener)
    },
    close() {
      watch.disconnect()
      listen(removeEventListener)
      // Out of the page it is closed already, and says so.
      if (element.isConnected) element.hidePopover()
    },
  }
}

/** Has the panel stand by the box; or, where that is out of sight, in the middle: no page is scrolled for it. */
export const standBeside: MakeStand = (element) => {
  const anchor = element.parentElement!
  let seen = true
  const stand = float(element, (...space) =>
    seen ? placeBeside(anchor.getBoundingClientRect(), ...space) : undefined,
  )
  return {
    open() {
      const { top, bottom } = anchor.getBoundingClientRect()
      seen = anchor.checkVisibility() && bottom >= 0 && top <= innerHeight
      stand.open()
    },
    close: stand.close,
  }
}
