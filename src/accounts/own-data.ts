import { BadRequest } from '../core/bad-request.ts'
import type { AuditEvent } from '../store/store.ts'
import type { Accounts, LoggedIn } from './accounts.ts'
import { assertElevated, type Parts } from './parts.ts'

const EVENTS_MAX = 10_000
const PAGE = 500

type Deeds = Pick<Accounts, 'exportData' | 'ownedAlone' | 'deleteAccount'>

/** What somebody can have of their own data: all of it, or none of it any more. */
export function ownDataDeeds(parts: Parts): Deeds {
  const { store } = parts
  return {
    async exportData(who) {
      assertElevated(who)
      const { account } = who
      const { id, login, role, email } = account
      const [sites, keys, sessions, passkeys, codes, accepted, events, webhooks, refused] =
        await Promise.all([
          store.members.sitesOf(id),
          store.apiKeys.of(id),
          store.sessions.of(id),
          store.passkeys.of(id),
          store.recoveryCodes.left(id),
          store.terms.acceptances(id),
          eventsOf(id),
          store.webhooks.of(id),
          store.mailChoices.refused(id),
        ])
      return {
        account: {
          ...{ id, login, role, email },
          emailConfirmedAt: day(account.emailConfirmedAt),
          createdAt: day(account.createdAt),
          hasPassword: account.hasPassword,
          hasTotp: account.hasTotp,
          recoveryCodesLeft: codes,
        },
        sessions: sessions.map(({ way, createdAt, seenAt, expiresAt }) => ({
          ...{ way, createdAt: day(createdAt), seenAt: day(seenAt), expiresAt: day(expiresAt) },
        })),
        passkeys: passkeys.map(({ name, createdAt, lastUsedDay }) => ({
          ...{ name, createdAt: day(createdAt), lastUsedDay: dayOf(lastUsedDay) },
        })),
        keys: keys.map(({ name, hint, scopes, sitekey, createdAt, expiresAt, lastUsedDay }) => ({
          ...{ name, hint, scopes, sitekey, createdAt: day(createdAt), expiresAt: day(expiresAt) },
          lastUsedDay: dayOf(lastUsedDay),
        })),
        acceptedTerms: accepted.map(({ number, way, at, hash }) => ({
          ...{ version: number, way, at: day(at), sha256: hash },
        })),
        webhooks: webhooks.map(({ url, kinds, state, createdAt }) => ({
          ...{ url, kinds, state, createdAt: day(createdAt) },
        })),
        lettersRefused: refused,
        sites: sites.map(({ sitekey, name, hosts, role }) => ({ sitekey, name, hosts, role })),
        log: events.map(({ at, act, detail }) => ({ at: day(at), act, detail })),
      }
    },

    ownedAlone,

    async deleteAccount(who) {
      assertElevated(who)
      const { id } = who.account
      if (await store.accounts.terminate(id, id)) return
      throw new BadRequest(
        'last-operator',
        'This is the last operator who can act. Make somebody else one first.',
      )
    },
  }

  async function ownedAlone({ account: { id } }: LoggedIn) {
    const alone = []
    for (const site of await store.members.sitesOf(id)) {
      if (site.role !== 'owner') continue
      const members = await store.members.of(site.sitekey)
      if (members.every((member) => member.accountId === id || member.role !== 'owner'))
        alone.push(site)
    }
    return alone
  }

  async function eventsOf(id: string): Promise<AuditEvent[]> {
    const events: AuditEvent[] = []
    for (let before: number | undefined; events.length < EVENTS_MAX; ) {
      const page = await store.audit.list({ subjects: [id], limit: PAGE, before })
      events.push(...page)
      if (page.length < PAGE) break
      before = page.at(-1)!.seq
    }
    return events
  }
}

function day(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

function dayOf(days: number | null): string | null {
  return days === null ? null : new Date(days * 86_400_000).toISOString().slice(0, 10)
}
