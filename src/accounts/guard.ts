import type { Config } from '../config.ts'
import type { Tools } from '../core/issue.ts'
import { redeem } from '../core/redeem.ts'
import { ownKeys } from '../demo-site.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { onCurrentSite, spendOf } from '../server/current-site.ts'
import type { Store } from '../store/store.ts'

/** What the widget on the page to sign up asks for. */
const GUARD_ACTION = 'signup'

/** Our own widget, on our own page: who may sign up is guarded as any site's forms are. */
export interface Guard {
  /** Its site's key. The site is there from when it is first asked for: nobody needs it where sign-up is not open. */
  sitekey(): Promise<string>
  /** True if a token from there is good, and this is its first use. */
  check(token: string): Promise<boolean>
}

/** The site is one like any other, and its keys follow from the newest root key: all nodes have the same. */
export function makeGuard(
  config: Config,
  rootKey: Uint8Array,
  parts: { store: Store; ledger: Ledger; tools: Tools },
): Guard {
  const { store, tools } = parts
  const hosts = ['127.0.0.1', 'localhost']
  if (config.publicUrl) hosts.push(new URL(config.publicUrl).hostname)
  const { sitekey, secret } = ownKeys(rootKey, 'sign-up site')

  return {
    async sitekey() {
      if (!(await store.sites.byKey(sitekey))) {
        await store.sites.keep({ sitekey, secret, hosts, mode: 'checkbox', name: 'Sign up' })
      }
      return sitekey
    },

    check: (token) =>
      onCurrentSite(
        parts,
        () => store.sites.bySecret(secret),
        async (site) => {
          const inquiry = { secret, token, hostname: '', action: GUARD_ACTION }
          const finding = redeem(tools, site, inquiry)
          if (!site || !finding.passed) return false
          const { id, passedAt: issuedAt, expiresAt } = finding.token
          const spend = await spendOf(parts, site, { id, issuedAt, expiresAt })
          return spend === 'outdated' ? spend : spend === 'spent'
        },
      ),
  }
}
