/** What the documentation does better with a script; without one, all of it works. */
import { addCopyButtons } from './copy.ts'
import { searchWhileTyping } from './search.ts'

addCopyButtons()
searchWhileTyping()
spareTabStops()
unfold()

/** A table that fits needs no stop for the keyboard. */
function spareTabStops() {
  const watcher = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute('tabindex', '0')
      else target.removeAttribute('tabindex')
    }
  })
  for (const table of document.querySelectorAll('.table')) watcher.observe(table)
}

/** Browsers that cannot show a folded part by its style get it open where there is room for it. */
function unfold() {
  if (CSS.supports('selector(::details-content)')) return
  const wide = matchMedia('(min-width: 60rem)')
  const set = () => {
    for (const fold of document.querySelectorAll<HTMLDetailsElement>('.fold'))
      fold.open = wide.matches
  }
  wide.addEventListener('change', set)
  set()
}
