import { hash } from 'node:crypto'

const ROWS = 4
const CELLS = 2 ** 16
/** After so many fading times, cells are brought down again: e⁶⁴ is still far below where a double ends. */
const RESCALE_AFTER_FADES = 64

/** A fading count of one key. Adds to it, and returns what it is then. */
type Count = (key: string, add: number) => number

/**
 * Counts calls per key in a fixed amount of memory, whatever is asked of it: a count-min sketch (Cormode and
 * Muthukrishnan, 2005) with conservative update (Estan and Varghese, 2002), of two megabytes. It may count a key too
 * high when very many keys are counted at once, never too low, and holds no key: a flood from everywhere raises the price
 * for all.
 *
 * The counts fade: instead of making old calls lighter all the time, new ones are written down heavier, by e for every
 * `fadeMs` since `startedAt` (forward decay; Cormode, Shkapenyuk, Srivastava and Xu, 2009).
 */
function sketch(fadeMs: number, now: () => number): Count {
  const cells = new Float64Array(ROWS * CELLS)
  const mine = new Uint32Array(ROWS)
  let startedAt = now()

  return (key, add) => {
    const fades = (now() - startedAt) / fadeMs
    if (fades > RESCALE_AFTER_FADES) rescale(fades)
    const weight = Math.exp((now() - startedAt) / fadeMs)

    const digest = hash('sha256', key, 'buffer')
    let least = Number.POSITIVE_INFINITY
    for (let row = 0; row < ROWS; row++) {
      mine[row] = row * CELLS + digest.readUInt16LE(2 * row)
      least = Math.min(least, cells[mine[row]!]!)
    }
    const counted = least + add * weight
    // A cell that is higher already has counted others too: it needs no more for this key to be counted in full.
    if (add > 0) for (const cell of mine) cells[cell] = Math.max(cells[cell]!, counted)
    return counted / weight
  }

  function rescale(fades: number) {
    const share = Math.exp(-fades)
    for (let i = 0; i < cells.length; i++) cells[i]! *= share
    startedAt += fades * fadeMs
  }
}

/** One sketch per fading time, made when first asked for. */
export function sketches(now: () => number): (key: string, fadeMs: number, add: number) => number {
  const byFade = new Map<number, Count>()
  return (key, fadeMs, add) => {
    let count = byFade.get(fadeMs)
    if (!count) {
      count = sketch(fadeMs, now)
      byFade.set(fadeMs, count)
    }
    return count(key, add)
  }
}
