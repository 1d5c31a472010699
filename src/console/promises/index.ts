import type { Scope } from '../http.tsx'
import { breachesPages } from './breaches/index.tsx'

/** The pages with which an operator keeps the Terms. */
export function promisesPages(scope: Scope) {
  breachesPages(scope)
}
