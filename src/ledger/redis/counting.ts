import { hash } from 'node:crypto'
import { type Part, parts } from './parts.ts'

/** As many cells in all as `sketch.ts` has, in so many strings that a cluster's masters share them. */
const SHARDS = 16
const ROWS = 4
const CELLS = 2 ** 12
const CELL_BYTES = 8
const BYTES = ROWS * CELLS * CELL_BYTES
/** An epoch is so many fading times long: e⁶⁴ is still far below where a double ends. */
const EPOCH_FADES = 64
/** What a cell of the former epoch is worth in this one. */
const FORMER_SHARE = Math.exp(-EPOCH_FADES)

/** One count, as the script in Redis wants it. */
export interface Counting {
  part: Part
  keys: [now: string, former: string]
  args: (string | number)[]
  /** What is counted weighs so much at this moment. */
  weight: number
}

/**
 * Says where a key is counted, and how. The cells tell nothing about a key but where its hash points, and none of them is
 * kept for longer than its calls weigh anything.
 */
export function countingOf(key: string, fadeMs: number, add: number, now: number): Counting {
  const epochMs = EPOCH_FADES * fadeMs
  const epoch = Math.floor(now / epochMs)
  const weight = Math.exp((now - epoch * epochMs) / fadeMs)
  const digest = hash('sha256', key, 'buffer')
  const part = parts[(digest[8]! % SHARDS) * (parts.length / SHARDS)]!
  const cells = Array.from(
    { length: ROWS },
    (_, row) => CELL_BYTES * (row * CELLS + (digest.readUInt16LE(2 * row) % CELLS)),
  )
  const keptMs = Math.ceil((epoch + 2) * epochMs - now)
  const name = (at: number) => `${part.tag}c:${fadeMs}:${at}`
  return {
    part,
    keys: [name(epoch), name(epoch - 1)],
    args: [...cells, add * weight, FORMER_SHARE, BYTES, keptMs],
    weight,
  }
}
