import type { Solver } from '../../pow/algorithm.ts'
import { bestEngine } from '../../pow/sha256/engines.ts'
import { type Pace, sha256Solver } from '../../pow/sha256/solve.ts'
import { rest } from './rest.ts'
import { serve } from './serve.ts'

/** On a thread that others need: half of a frame at 60 per second, then whoever waits. */
const POLITE: Pace = { sliceMs: 8, rest }

/** A solver for this algorithm, by whatever this browser has. */
export async function solverFor(algorithm: string, pace: Pace = POLITE): Promise<Solver> {
  if (algorithm !== 'sha256') throw new Error(`No solver for ${algorithm}.`)
  return sha256Solver(bestEngine(), pace)
}

/** Does the jobs that come through the port, in slices on this thread. */
export function serveHere(port: MessagePort): void {
  serve(port, (algorithm) => solverFor(algorithm))
}
