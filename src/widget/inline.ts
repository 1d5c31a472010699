import { css } from './inline.css'
import type { MakeStand } from './stand.ts'

/** Has the panel stand in the page's text, below the box: what follows makes room for it, also where there is no box. */
export const stand: MakeStand = (element, adopt) => {
  adopt(css)
  element.role = 'group'
  return { open: () => element.scrollIntoView({ block: 'nearest' }), close() {} }
}
