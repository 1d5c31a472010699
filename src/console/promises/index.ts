import type { Scope } from '../http.tsx'
import { breachesPages } from './breaches/index.tsx'
import { doctorPage } from './doctor.tsx'
import { feedbackPages } from './feedback.tsx'
import { noticesPages } from './notices.tsx'
import { statusPages } from './status/index.tsx'
import { termsPages } from './terms/index.tsx'

/** The pages with which an operator keeps the Terms. */
export function promisesPages(scope: Scope) {
  statusPages(scope)
  termsPages(scope)
  noticesPages(scope)
  feedbackPages(scope)
  breachesPages(scope)
  doctorPage(scope)
}
