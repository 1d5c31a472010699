import type { Verifier } from './algorithm.ts'
import { equixVerifier } from './equix/verify.ts'
import { sha256Verifier } from './sha256/verify.ts'

/** The algorithms that this service checks: the one it asks for first, and the one for who cannot do that. */
export const VERIFIERS: readonly Verifier[] = [equixVerifier, sha256Verifier]
