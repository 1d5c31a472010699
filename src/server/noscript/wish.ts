import { BadRequest } from '../../core/bad-request.ts'
import { THEMES, type Theme } from '../../core/policy.ts'
import { ACTION, CDATA, isWithin } from '../../core/values.ts'
import { reader } from '../fields.ts'

/** What the page around the frame says of itself, in the frame's address. */
export interface Wish {
  sitekey: string
  action: string
  cdata: string
  /** A language; '' for the browser's. */
  hl: string
  theme: Theme
  /** Where the token goes; '' where it is copied. */
  returnTo: string
}

/** What somebody did: pressed a button, or the picture. */
export type Deed =
  | { do: 'start' | 'picture' | 'wait' | 'go' }
  | { do: 'press'; press: { x: number; y: number } }

/** As for the widget (`server/schemas.ts`). */
const BOUNDS = { action: ACTION, cdata: CDATA }

/** The same, and an address that browsers and proxies take. */
const SHAPES = {
  sitekey: /^[\w.-]{1,64}$/,
  hl: /^[\w-]{0,35}$/,
  return: /^\S{0,1000}$/,
} as const

const DEEDS = ['start', 'picture', 'wait', 'go'] as const
const PRESS = /^\d{1,4}$/

/** How the frame shall look, whatever else may be wrong. */
export function readLook(query: unknown): Pick<Wish, 'hl' | 'theme'> {
  const { text } = reader(query)
  const theme = THEMES.find((one) => one === text('theme')) ?? 'auto'
  return { hl: SHAPES.hl.test(text('hl')) ? text('hl') : '', theme }
}

/** Reads the frame's address. Throws `field-invalid`, or `sitekey-missing`. */
export function readWish(query: unknown): Wish {
  const { text, twice } = reader(query)
  // A checker before us might have looked at the other one.
  if (twice()) throw new BadRequest('field-invalid', 'Each parameter may be given once.')
  if (text('sitekey') === '') {
    throw new BadRequest('sitekey-missing', 'sitekey is needed.', 'sitekey')
  }
  const wrong =
    Object.entries(SHAPES).find(([name, shape]) => !shape.test(text(name))) ??
    Object.entries(BOUNDS).find(([name, bounds]) => !isWithin(bounds, text(name)))
  if (wrong) {
    throw new BadRequest('field-invalid', `${wrong[0]} is not as it must be.`, wrong[0])
  }
  return {
    ...readLook(query),
    ...{ sitekey: text('sitekey'), action: text('action'), cdata: text('cdata') },
    returnTo: text('return'),
  }
}

/** Reads what the frame's own forms send. Throws `body-invalid`. */
export function readDeed(body: unknown): { sealed: string; deed: Deed } {
  const { text, twice } = reader(body)
  const sealed = text('step')
  const what = DEEDS.find((one) => one === text('do'))
  const [x, y] = [text('at.x'), text('at.y')]
  if (!twice() && sealed !== '') {
    if (what && x === '' && y === '') return { sealed, deed: { do: what } }
    if (text('do') === '' && PRESS.test(x) && PRESS.test(y)) {
      return { sealed, deed: { do: 'press', press: { x: Number(x), y: Number(y) } } }
    }
  }
  throw new BadRequest('body-invalid', 'This is not what the frame sends.')
}
