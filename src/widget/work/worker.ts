import { WASM } from '../../pow/sha256/simd.wasm.ts'
import { type Pace, sha256Solver } from '../../pow/sha256/solve.ts'
import { wasmEngine } from '../../pow/sha256/wasm.ts'
import type { SolverModule } from './job.ts'
import { rest } from './rest.ts'
import { serve } from './serve.ts'

/** The thread is the worker's own. But a worker that never rests goes on for seconds after it was terminated. */
const PACE: Pace = { sliceMs: 100, rest }

// Whoever started this worker is of its own origin: its word on where the solver is can be trusted.
addEventListener('message', ({ data: solverUrl, ports: [port] }: MessageEvent<string>) => {
  serve(port!, async (algorithm) => {
    try {
      if (algorithm === 'sha256') return sha256Solver(wasmEngine('simd', WASM), PACE)
    } catch {
      // No SIMD here. What can do without is loaded only now.
    }
    const { solverFor }: SolverModule = await import(solverUrl)
    return solverFor(algorithm, PACE)
  })
})
postMessage(0)
