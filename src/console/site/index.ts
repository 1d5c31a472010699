import type { Scope } from '../http.tsx'
import { installPage } from './install.tsx'
import { membersPage } from './members.tsx'
import { overviewPage } from './overview.tsx'
import { playgroundPage } from './playground.tsx'
import { secretsPage } from './secrets.tsx'
import { settingsPage } from './settings.tsx'

/** The pages of one site. */
export function sitePages(scope: Scope) {
  overviewPage(scope)
  installPage(scope)
  playgroundPage(scope)
  settingsPage(scope)
  secretsPage(scope)
  membersPage(scope)
}
