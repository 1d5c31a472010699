import type { Solver } from '../../pow/algorithm.ts'
import { bestEngine } from '../../pow/sha256/engines.ts'
import { type Pace, sha256Solver } from '../../pow/sha256/solve.ts'
import { serve } from './serve.ts'

/** On a thread that others need: half of a frame at 60 per second, then whoever waits. */
const POLITE: Pace = {
  sliceMs: 8,
  // A message, because timers are slowed in frames that nobody sees.
  rest: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve(null)
      }
      port2.postMessage(0)
    }),
}

/** A solver for this algorithm, by whatever this browser has. */
export async function solverFor(algorithm: string, pace: Pace = POLITE): Promise<Solver> {
  if (algorithm !== 'sha256') throw new Error(`No solver for ${algorithm}.`)
  return sha256Solver(bestEngine(), pace)
}

/** Does the jobs that come through the port, in slices on this thread. */
export function serveHere(port: MessagePort): void {
  serve(port, (algorithm) => solverFor(algorithm))
}
