import { type Config, readConfig } from '../config.ts'
import { newSecret } from '../keys.ts'
import { systemRandom } from '../random.ts'
import type { Account, AccountRole, Store } from '../store/store.ts'
import { openOurStore } from './open.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = { role: { type: 'string' }, json: { type: 'boolean' } } as const
const ROLES: readonly AccountRole[] = ['developer', 'operator']

/** What the audit log says of changes by whoever has the machine. */
const BY = 'cli'
const PAGE = 500
const INVITATION_LIFE_MS = 7 * 86_400_000

type Report = { json: unknown; text: string; code?: number }
type Act = (store: Store, id: string, role: AccountRole, config: Config) => Promise<Report>

/**
 * `one-captcha accounts …`: lists, invites, suspends, reinstates and ends accounts. Whoever has the machine needs no account:
 * so an operator who has lost every way to log in invites himself anew.
 */
export async function accounts(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS)
  const [act = '', id, ...rest] = positionals
  const run = Object.hasOwn(acts, act) ? acts[act]! : undefined
  if (!run || rest.length > 0) {
    throw new UsageError(`accounts needs one of: ${Object.keys(acts).join(', ')}.`)
  }
  const onOne = act !== 'list' && act !== 'invite'
  if (onOne !== (id !== undefined)) {
    throw new UsageError(onOne ? `accounts ${act} needs an ID.` : `accounts ${act} takes no ID.`)
  }
  const role = ROLES.find((one) => one === (values.role ?? 'developer'))
  if (!role) throw new UsageError(`--role must be one of ${ROLES.join(', ')}.`)
  if (values.role !== undefined && act !== 'invite') {
    throw new UsageError('--role goes with accounts invite.')
  }

  const config = readConfig(process.env)
  const { store, close } = await openOurStore()
  try {
    const { json, text, code = 0 } = await run(store, id ?? '', role, config)
    process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${text}\n`)
    return code
  } finally {
    await close()
  }
}

const acts: Record<string, Act> = {
  async list(store) {
    const all: Account[] = []
    for (let after = ''; ; after = all.at(-1)!.id) {
      const page = await store.accounts.list(after, PAGE)
      all.push(...page)
      if (page.length < PAGE) break
    }
    // The address is its owner's, and not needed to run the service.
    const rows = all.map(({ email: _, ...account }) => account)
    const lines = rows.map(({ id, role, state, login }) =>
      [id, role.padEnd(9), state.padEnd(10), login].join('  '),
    )
    return { json: rows, text: lines.join('\n') || 'There are no accounts yet.' }
  },

  async invite(store, _, role, config) {
    const token = newSecret(systemRandom(), 'invitation')
    const expiresAt = Date.now() + INVITATION_LIFE_MS
    await store.invitations.add(token, { sitekey: null, role, expiresAt }, BY)
    const host = config.host.includes(':') ? `[${config.host}]` : config.host
    const base = config.publicUrl ?? `http://${host}:${config.port}`
    const link = `${base}/console/sign-up?invitation=${token}`
    return {
      json: { link, role, expiresAt },
      text: `${link}\n\nWhoever follows this link within seven days makes an account (${role}). It is good once.`,
    }
  },

  suspend: (store, id) =>
    done(store, id, 'suspended', store.accounts.setState(id, 'suspended', BY)),
  reinstate: (store, id) => done(store, id, 'active', store.accounts.setState(id, 'active', BY)),
  terminate: (store, id) => done(store, id, 'terminated', store.accounts.terminate(id, BY)),
}

async function done(
  store: Store,
  id: string,
  state: string,
  change: Promise<boolean>,
): Promise<Report> {
  if (await change) return { json: { id, state }, text: `The account is ${state}.` }
  const account = await store.accounts.byId(id)
  const [code, message] =
    account && account.state !== 'terminated'
      ? ['last-operator', 'This is the last operator who can act: invite another one first.']
      : ['not-found', 'No account has this id.']
  return { json: { error: { code, message } }, text: message!, code: 1 }
}
