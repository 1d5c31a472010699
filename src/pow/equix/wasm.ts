import { instantiate } from '../wasm.ts'
import { type Engine, HASHES, SOLUTION_BYTES } from './engine.ts'
import { WASM } from './solve.wasm.ts'

/** Of `assembly/equix-solve.ts`; a slot is that of one of two attempts. */
interface Exports {
  memory: WebAssembly.Memory
  prepare(slot: number, bytes: number): number
  fill(slot: number, first: number, count: number): void
  keep(slot: number, first: number, count: number): void
  solve(slot: number): number
  weigh(bytes: number): number
}

/** Where things are in its memory (`assembly/equix/memory.ts`). */
const INPUT = 2048
const SOLUTIONS = 3072
const CODE = 8192
const BATCH = 32768

const BATCH_HASHES = 512
const REGISTERS_BYTES = 64

/**
 * The fast engine: each attempt's program becomes a WebAssembly module of its own. Throws where WebAssembly is missing or not
 * allowed.
 */
export function wasmEngine(): Engine {
  const { memory, prepare, fill, keep, solve, weigh } = instantiate<Exports>(WASM)
  const bytes = new Uint8Array(memory.buffer)
  let slots = 0

  function input(...parts: Uint8Array[]): number {
    let at = INPUT
    bytes.fill(0, at, at + 128)
    for (const part of parts) {
      bytes.set(part, at)
      at += part.length
    }
    return at - INPUT
  }

  return {
    name: 'wasm',

    begin(challenge) {
      const slot = slots++ & 1
      const length = prepare(slot, input(challenge))
      if (!length) return null
      const program = new WebAssembly.Module(bytes.subarray(CODE, CODE + length))
      const { '': run } = new WebAssembly.Instance(program, { '': { '': memory } }).exports as {
        '': (from: number, to: number) => void
      }
      // Below address 0 its loop turns without doing anything. That makes the browser compile it well, on another
      // thread and before it is needed; otherwise it would be four times as slow for half of the attempt.
      run(-REGISTERS_BYTES * 4_000, 0)
      let done = 0
      return {
        hash(hashes) {
          const end = Math.min(done + hashes, HASHES)
          while (done < end) {
            const count = Math.min(end - done, BATCH_HASHES)
            fill(slot, done, count)
            run(BATCH, BATCH + count * REGISTERS_BYTES)
            keep(slot, done, count)
            done += count
          }
          return done === HASHES
        },
        solutions() {
          const end = SOLUTIONS + solve(slot) * SOLUTION_BYTES
          const found = []
          for (let at = SOLUTIONS; at < end; at += SOLUTION_BYTES)
            found.push(bytes.slice(at, at + SOLUTION_BYTES))
          return found
        },
      }
    },

    weigh: (challenge, solution) => weigh(input(challenge, solution)) >>> 0,
  }
}
