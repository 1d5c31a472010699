import type { Scope } from '../http.tsx'

/** The pages with which an operator keeps the Terms. */
export function promisesPages(_scope: Scope) {}
