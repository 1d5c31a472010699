import { PARTS } from './base.ts'
import type { Workshop } from './journey.ts'
import { openWork } from './work/open.ts'

/** The page's one place for work. Nothing is opened before work is expected. */
export const workshop: Workshop = openWork(PARTS)
