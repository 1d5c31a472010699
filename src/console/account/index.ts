import type { Scope } from '../http.tsx'
import { accountPage } from './account.tsx'
import { mailPages } from './by-mail.tsx'
import { factorPages } from './factors.tsx'
import { logInPages } from './log-in.tsx'
import { noticesPages } from './notices.tsx'
import { signUpPage } from './sign-up.tsx'

/** To log in and sign up, and one's own account. */
export function accountPages(scope: Scope) {
  logInPages(scope)
  signUpPage(scope)
  mailPages(scope)
  accountPage(scope)
  factorPages(scope)
  noticesPages(scope)
}
