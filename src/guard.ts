import type { Config } from './config.ts'
import type { Tools } from './core/issue.ts'
import { redeem } from './core/redeem.ts'
import { ownKeys } from './demo-site.ts'
import type { Ledger } from './ledger/ledger.ts'
import { onCurrentSite, spendOf } from './server/current-site.ts'
import type { Store } from './store/store.ts'

/** Our own widget, on our own forms: they are guarded as any site's are. */
export interface Guard {
  /** Its site's key. The site is there from when it is first asked for: nobody needs it where there is no such form. */
  sitekey(): Promise<string>
  /** What the widget says that its form is for. */
  action: string
  /** True if a token from there is good, and this is its first use. */
  check(token: string): Promise<boolean>
}

/** The forms of our own that strangers may send. */
const FORMS = {
  signUp: { keys: 'sign-up site', name: 'Sign up', action: 'signup' },
  feedback: { keys: 'feedback site', name: 'Feedback', action: 'feedback' },
} as const

export type Guards = Record<keyof typeof FORMS, Guard>

/** Each form is a site like any other, and its keys follow from the newest root key: all nodes have the same. */
export function makeGuards(
  config: Config,
  rootKey: Uint8Array,
  parts: { store: Store; ledger: Ledger; tools: Tools },
): Guards {
  const { store, tools } = parts
  const hosts = ['127.0.0.1', 'localhost']
  if (config.publicUrl) hosts.push(new URL(config.publicUrl).hostname)
  return { signUp: guard('signUp'), feedback: guard('feedback') }

  function guard(form: keyof typeof FORMS): Guard {
    const { keys, name, action } = FORMS[form]
    const { sitekey, secret } = ownKeys(rootKey, keys)
    return {
      action,

      async sitekey() {
        const site = await store.sites.byKey(sitekey)
        if (!site) {
          await store.sites.keep({ sitekey, secret, hosts, mode: 'checkbox', name })
        } else if (hosts.some((host) => !site.hosts.includes(host))) {
          // The service has another address since. Nodes that are not set alike must not take away each other's.
          await store.sites.set(sitekey, { hosts: [...site.hosts, ...hosts] })
        }
        return sitekey
      },

      check: (token) =>
        onCurrentSite(
          parts,
          () => store.sites.bySecret(secret),
          async (site) => {
            const finding = redeem(tools, site, { secret, token, hostname: '', action })
            if (!site || !finding.passed) return false
            const { id, passedAt: issuedAt, expiresAt } = finding.token
            const spend = await spendOf(parts, site, { id, issuedAt, expiresAt })
            return spend === 'outdated' ? spend : spend === 'spent'
          },
        ),
    }
  }
}
