import { type Hand, openHand, type Try } from '../../pow/equix/hand.ts'
import { equixSolver } from '../../pow/equix/solve.ts'
import { wasmEngine } from '../../pow/equix/wasm.ts'
import type { Pace } from '../../pow/pace.ts'
import type { Job, SolverModule } from './job.ts'
import { rest, setPaused } from './rest.ts'
import { serve } from './serve.ts'

/** The thread is the worker's own. But who never rests hears nothing, and goes on for seconds after it was terminated. */
const PACE: Pace = { sliceMs: 8, rest }
/** Half of the processors, so that the page and whatever else is open keep theirs. */
const HANDS = Math.min(4, navigator.hardwareConcurrency >> 1 || 1)
/** Work that is done before another worker would have started. */
const SMALL = 24

const helpers: Worker[] = []
let own: Hand | undefined

/** This thread's own. Throws where there is no WebAssembly. */
function hand(): Hand {
  own ??= openHand(wasmEngine(), PACE)
  return own
}

// A worker is either met by the page, or helps one that was.
addEventListener(
  'message',
  ({ data, ports: [port] }: MessageEvent<number | boolean | Try | null>) => {
    if (port) meet(port)
    else if (typeof data === 'boolean') setPaused(data)
    else {
      hand().onmessage = (report) => postMessage(report.data)
      hand().postMessage(data as Try | null)
    }
  },
)

function meet(port: MessagePort): void {
  async function solverFor({ algorithm, effort, count }: Job) {
    try {
      if (algorithm === 'equix') {
        const first = hand()
        if (effort * count > SMALL)
          while (helpers.length < HANDS - 1) helpers.push(new Worker(location.href))
        return equixSolver([first, ...(helpers as Hand[])])
      }
    } catch {
      // No WebAssembly here.
    }
    return (await more()).solverFor(algorithm, PACE)
  }

  /** What can do without that which is missing here. */
  const more = (): Promise<SolverModule> => import(new URL('solver.js', location.href).href)

  serve(port, {
    solverFor,
    digest: async (text) =>
      isSecureContext
        ? new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
        : (await more()).digest(text),
    onPause(paused) {
      for (const helper of helpers) helper.postMessage(paused)
    },
  })
}

postMessage(0)
