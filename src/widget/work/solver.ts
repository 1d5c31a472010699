import type { Solver } from '../../pow/algorithm.ts'
import type { Engine } from '../../pow/equix/engine.ts'
import { openHand } from '../../pow/equix/hand.ts'
import { plainEngine } from '../../pow/equix/plain/engine.ts'
import { equixSolver } from '../../pow/equix/solve.ts'
import { wasmEngine } from '../../pow/equix/wasm.ts'
import type { Pace } from '../../pow/pace.ts'
import { digest as digestNow } from '../../pow/sha256/digest.ts'
import { bestEngine } from '../../pow/sha256/engines.ts'
import { sha256Solver } from '../../pow/sha256/solve.ts'
import { rest } from './rest.ts'
import { serve } from './serve.ts'

/** On a thread that others need: half of a frame at 60 per second, then whoever waits. */
const POLITE: Pace = { sliceMs: 8, rest }

/** A solver for this algorithm, by whatever this browser has. */
export async function solverFor(algorithm: string, pace: Pace = POLITE): Promise<Solver> {
  if (algorithm === 'equix') return equixSolver([openHand(bestEquix(), pace)])
  if (algorithm === 'sha256') return sha256Solver(bestEngine(), pace)
  throw new Error(`No solver for ${algorithm}.`)
}

function bestEquix(): Engine {
  try {
    return wasmEngine()
  } catch {
    return plainEngine()
  }
}

/** SHA-256, where the browser's own is kept from pages without TLS. */
export async function digest(text: string): Promise<Uint8Array> {
  return digestNow(text)
}

/** Does the jobs that come through the port, in slices on this thread. */
export function serveHere(port: MessagePort): void {
  serve(port, { solverFor: ({ algorithm }) => solverFor(algorithm), digest })
}
