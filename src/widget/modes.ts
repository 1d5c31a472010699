import { appear as alone } from './alone.ts'
import type { Modes } from './appearance.ts'
import { appear as floating, stand as within } from './floating.ts'
import { stand as inline } from './inline.ts'
import { stand as overlay } from './overlay.ts'

/**
 * What an element's attributes ask for that most do not. All of it is in one file, which only the pages that use something of
 * it load.
 */
export function modesOf(element: Element): Modes {
  const [appearance, panel, start] = ['appearance', 'panel', 'start'].map((name) =>
    element.getAttribute(name),
  )
  // Nothing floats in browsers without a top layer: there the panel stands in the text.
  const floats = 'popover' in HTMLElement.prototype
  const modes: Modes = {}
  if (start === 'sight') modes.watch = watch
  if (panel === 'inline' || !floats) modes.stand = inline
  if (appearance === 'interaction-only') modes.appear = alone
  if (appearance === 'floating' && floats) {
    modes.appear = floating
    modes.stand = within
  }
  if (panel === 'overlay') modes.stand = overlay
  return modes
}

function watch(element: Element, begin: () => void) {
  new IntersectionObserver(([entry], sight) => {
    if (!entry!.isIntersecting) return
    sight.disconnect()
    begin()
  }).observe(element)
}
