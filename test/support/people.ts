import assert from 'node:assert/strict'
import { Secret, TOTP } from 'otpauth'
import type { Accounts, Caller, LoggedIn, Opened } from '../../src/accounts/accounts.ts'
import { newSecret } from '../../src/keys.ts'
import { systemRandom } from '../../src/random.ts'
import type { TestService } from './service.ts'

/** A password that nobody tries first. */
export const PASSWORD = 'purple monkey dishwasher'

const random = systemRandom()
let count = 0

/** Somebody on a network of their own. */
export function newCaller(): Caller {
  return { network: { newest: `test network ${++count}`, former: null } }
}

/** Makes an account as the page to sign up does: the first operator, or somebody who is invited. */
export async function signUp(
  { context }: TestService,
  login: string,
  more: { email?: string; password?: string } = {},
): Promise<Opened> {
  const { accounts, store, tools } = context
  let invitation = await accounts.firstLink()
  if (!invitation) {
    invitation = newSecret(random, 'invitation')
    const expiresAt = tools.now() + 60_000
    await store.invitations.add(invitation, { sitekey: null, role: 'developer', expiresAt }, 'cli')
  }
  return accounts.signUp(newCaller(), { login, password: PASSWORD, invitation, ...more })
}

/** Who has this token; fails if nobody does. */
export async function enter({ context }: TestService, { token }: Opened): Promise<LoggedIn> {
  const who = await context.accounts.byToken(token)
  assert.ok(who, 'the session is good')
  return who
}

/** What an app for codes shows. */
export function codeOf(secret: string, nowMs: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: nowMs })
}

/** Sets up an app for codes, with the code of the half minute before. */
export async function setUpTotp(accounts: Accounts, who: LoggedIn, nowMs: number) {
  const { secret, pending } = await accounts.beginTotp(who)
  const codes = await accounts.confirmTotp(who, pending, codeOf(secret, nowMs - 30_000))
  assert.ok(codes)
  return { secret, codes }
}
