import type { Verifier } from './algorithm.ts'
import { sha256Verifier } from './sha256/verify.ts'

/** The algorithms that this service asks for and checks. */
export const VERIFIERS: readonly Verifier[] = [sha256Verifier]
