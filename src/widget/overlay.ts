import { css } from './overlay.css'
import type { MakeStand } from './stand.ts'

/**
 * Has the panel stand in the middle of the window, alone: the page behind it is out of reach and stays where it is until
 * the panel closes. A native modal dialog, so that the browser keeps the focus in, and gives it back.
 */
export const stand: MakeStand = (element, adopt, close) => {
  adopt(css)
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'task')
  for (const name of ['role', 'aria-labelledby']) element.removeAttribute(name)
  element.replaceWith(dialog)
  dialog.append(element)
  let beside = false
  dialog.onpointerdown = ({ target }) => {
    beside = target === dialog
  }
  // Not a piece that was dragged out of its panel and let go there.
  dialog.onclick = ({ target }) => {
    if (beside && target === dialog) close()
  }
  dialog.oncancel = (event) => {
    event.preventDefault()
    close()
  }
  // Some browsers let nobody prevent it twice. Of our own closing it is told late, when the next call may have begun.
  dialog.onclose = () => dialog.open || element.hidden || close()
  return { open: () => dialog.showModal(), close: () => dialog.close() }
}
