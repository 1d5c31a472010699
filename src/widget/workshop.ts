import { BASE } from './base.ts'
import type { Workshop } from './journey.ts'
import { type OpenWork, openWork } from './work/open.ts'

let work: OpenWork | undefined

/** The page's one place for work, opened when the first work comes. */
export const workshop: Workshop = {
  solve(challenge, prompt, onProgress, signal) {
    work ??= openWork({
      frame: BASE + FRAME,
      worker: BASE + WORKER,
      solver: BASE + SOLVER,
    })
    return work.solve(challenge, prompt, onProgress, signal)
  },
}
