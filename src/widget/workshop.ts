import { PARTS } from './base.ts'
import type { Workshop } from './journey.ts'
import { type OpenWork, openWork } from './work/open.ts'

let work: OpenWork | undefined

/** The page's one place for work, opened when the first work comes. */
export const workshop: Workshop = {
  solve(challenge, prompt, onProgress, signal) {
    work ??= openWork({
      frame: `${PARTS}frame.html`,
      worker: `${PARTS}worker.js`,
      solver: `${PARTS}solver.js`,
    })
    return work.solve(challenge, prompt, onProgress, signal)
  },
}
