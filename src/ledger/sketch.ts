import { createHash } from 'node:crypto'

const ROWS = 4
const CELLS = 2 ** 16

/**
 * Counts calls per key in a fixed amount of memory, whatever is asked of it: a count-min sketch
 * (Cormode and Muthukrishnan, 2005). It may count a key too high when very many keys are counted at once, never too low,
 * and holds no key: a flood from everywhere costs one megabyte, and raises the price for all.
 */
interface Sketch {
  count(key: string): number
}

/** Starts a sketch whose counts begin anew every `windowMs`. */
function sketch(windowMs: number, now: () => number): Sketch {
  const cells = new Uint32Array(ROWS * CELLS)
  let endsAt = now() + windowMs
  return {
    count(key) {
      if (now() >= endsAt) {
        cells.fill(0)
        endsAt = now() + windowMs
      }
      const digest = createHash('sha256').update(key).digest()
      let least = Number.POSITIVE_INFINITY
      for (let row = 0; row < ROWS; row++) {
        const cell = row * CELLS + digest.readUInt16LE(2 * row)
        cells[cell]! += 1
        least = Math.min(least, cells[cell]!)
      }
      return least
    },
  }
}

/** One sketch per window length, made when first asked for. */
export function sketches(now: () => number): (key: string, windowMs: number) => number {
  const byWindow = new Map<number, Sketch>()
  return (key, windowMs) => {
    let counts = byWindow.get(windowMs)
    if (!counts) {
      counts = sketch(windowMs, now)
      byWindow.set(windowMs, counts)
    }
    return counts.count(key)
  }
}
