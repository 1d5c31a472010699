import type { Account, Passkey, SessionRow } from '../store/store.ts'

/** Somebody who is logged in. */
export interface LoggedIn {
  account: Account
  session: SessionRow
  /** True if they have proved within the last minutes who they are. */
  elevated: boolean
}

/** A session that begins: the token goes into the cookie and nowhere else. */
export interface Opened {
  token: string
  expiresAt: number
  account: Account
}

/** Whose call it is, for counting tries: a key of `Networks`, never an address. */
export interface Caller {
  network: string
}

/**
 * Who people are: making accounts, logging in, and proving it again. Whatever depends on whether somebody exists answers in
 * the same words and the same time either way. A wrong value is `BadRequest('field-invalid')` with its field; too many
 * tries are `too-many-requests`.
 */
export interface Accounts {
  /** The first operator's, with the one-time link that the first start prints. Null where there is an operator already. */
  firstLink(): Promise<string | null>
  /**
   * Makes an account and logs it in.
   *
   * @param order.invitation the token of an invitation or of the first link; needed unless sign-up is open
   */
  signUp(
    caller: Caller,
    order: { login: string; password: string; email?: string; invitation?: string },
  ): Promise<Opened>

  /** A session; or, for an account with TOTP, what the second step needs; or null for a wrong login or password. */
  logIn(
    caller: Caller,
    proof: { login: string; password: string },
  ): Promise<Opened | { pending: string } | null>
  /** The second step: six digits, or a recovery code. Null if wrong. */
  secondStep(caller: Caller, pending: string, code: string): Promise<Opened | null>
  passkeyOptions(): Promise<{ options: object; pending: string }>
  logInByPasskey(caller: Caller, pending: string, answer: unknown): Promise<Opened | null>

  /** Who has this cookie; null for nobody. */
  byToken(token: string): Promise<LoggedIn | null>
  logOut(who: LoggedIn): Promise<void>
  sessions(who: LoggedIn): Promise<SessionRow[]>
  endSession(who: LoggedIn, id: string): Promise<boolean>
  endOtherSessions(who: LoggedIn): Promise<void>
  /** Proves again who it is, by password, TOTP code or passkey. The session goes on under a new token; null if wrong. */
  elevate(
    caller: Caller,
    who: LoggedIn,
    proof: { password?: string; code?: string; passkey?: { pending: string; answer: unknown } },
  ): Promise<Opened | null>

  /** All that follow are dangerous: `BadRequest('proof-needed')` unless `elevated`. */
  setPassword(who: LoggedIn, password: string): Promise<void>
  /** Sends a link to the address; it counts once that is followed. */
  setEmail(who: LoggedIn, email: string | null): Promise<void>
  beginTotp(who: LoggedIn): Promise<{ secret: string; uri: string; pending: string }>
  /** Confirms it with a first code; gives the recovery codes, shown this once. Null if the code is wrong. */
  confirmTotp(who: LoggedIn, pending: string, code: string): Promise<string[] | null>
  endTotp(who: LoggedIn): Promise<void>
  newRecoveryCodes(who: LoggedIn): Promise<string[]>
  recoveryCodesLeft(who: LoggedIn): Promise<number>
  passkeys(who: LoggedIn): Promise<Passkey[]>
  beginPasskey(who: LoggedIn): Promise<{ options: object; pending: string }>
  addPasskey(who: LoggedIn, pending: string, name: string, answer: unknown): Promise<boolean>
  removePasskey(who: LoggedIn, id: string): Promise<boolean>
  /** All that is kept about the account, as JSON. */
  exportData(who: LoggedIn): Promise<object>
  deleteAccount(who: LoggedIn): Promise<void>

  /** Follows a link from a mail. False if it is not good any more. */
  confirmEmail(link: string): Promise<boolean>
  /** Sends a link if there is such an account with a confirmed address; says nothing either way. */
  requestReset(caller: Caller, loginOrEmail: string): Promise<void>
  /** Sets a new password and ends all sessions. False if the link is not good any more. */
  reset(link: string, password: string): Promise<boolean>
}
