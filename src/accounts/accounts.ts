import type { NetworkKeys } from '../server/networks.ts'
import type { Account, Passkey, SessionRow, SiteRow } from '../store/store.ts'

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
  /** What the browser keeps beyond the session, and shows when it logs in again (`Caller.mark`). Null for nothing new. */
  mark: string | null
}

/** Whose call it is, for counting tries: keys of `Networks`, never an address. */
export interface Caller {
  network: NetworkKeys
  /**
   * What a browser kept that has logged in with this login and password before: it is no stranger, whose tries must not keep
   * the owner out. It tells nothing else, and is the same in all of an account's browsers.
   */
  mark?: string
}

/**
 * Who people are: making accounts, logging in, and proving it again. Whatever depends on whether somebody exists answers in
 * the same words and the same time either way. A wrong value is `BadRequest('field-invalid')` with its field; too many
 * tries are `too-many-requests`.
 */
export interface Accounts {
  /** True where letters can be sent: only then is there anything to do with addresses. */
  readonly canMail: boolean
  /** True where browsers can have passkeys for the service's address. */
  readonly canPasskey: boolean

  /** The first operator's: what `invitation` may be in `signUp`, once, for a day. Null where there is an operator already. */
  firstLink(): Promise<string | null>
  /** What somebody who wants an account needs: an invitation, nothing but to be human, or it is in vain. */
  signUpNeeds(invitation?: string): Promise<'nothing' | 'guard' | 'invitation' | 'closed'>
  /**
   * Makes an account and logs it in.
   *
   * @param order.invitation the token of an invitation or of the first link; needed unless sign-up is open
   * @param order.token the widget's, where sign-up is open
   * @param order.terms the version that was shown, to which the account agrees; the one in force where none is given
   */
  signUp(
    caller: Caller,
    order: {
      login: string
      password: string
      email?: string
      invitation?: string
      token?: string
      terms?: number
    },
  ): Promise<Opened>

  /** A session; or, for an account with TOTP, what the second step needs; or null for a wrong login or password. */
  logIn(
    caller: Caller,
    proof: { login: string; password: string },
  ): Promise<Opened | { pending: string } | null>
  /** The second step: six digits, or a recovery code. Null if wrong. */
  secondStep(caller: Caller, pending: string, code: string): Promise<Opened | null>
  /** @param who who is to prove again who they are; absent for anybody who logs in */
  passkeyOptions(who?: LoggedIn | null): Promise<{ options: object; pending: string }>
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

  /** Ends all sessions, and opens this one anew. */
  setPassword(who: LoggedIn, password: string): Promise<Opened>
  /** Sends a link to the address; it counts once that is followed, and is not kept before. Null for none any more. */
  setEmail(who: LoggedIn, email: string | null): Promise<void>
  beginTotp(who: LoggedIn): Promise<{ secret: string; uri: string; pending: string }>
  /** What was begun, to be shown once more; null if that was too long ago. */
  begunTotp(who: LoggedIn, pending: string): { secret: string; uri: string; pending: string } | null
  /** Confirms it with a first code; gives the recovery codes, shown this once. Null if the code is wrong. */
  confirmTotp(who: LoggedIn, pending: string, code: string): Promise<string[] | null>
  endTotp(who: LoggedIn): Promise<void>
  newRecoveryCodes(who: LoggedIn): Promise<string[]>
  recoveryCodesLeft(who: LoggedIn): Promise<number>
  passkeys(who: LoggedIn): Promise<Passkey[]>
  beginPasskey(who: LoggedIn): Promise<{ options: object; pending: string }>
  addPasskey(who: LoggedIn, pending: string, name: string, answer: unknown): Promise<boolean>
  removePasskey(who: LoggedIn, id: string): Promise<boolean>
  /** All that is kept about the account, as JSON. Nothing secret is in it. */
  exportData(who: LoggedIn): Promise<object>
  /** The sites that would be deleted with the account: nobody else owns them. */
  ownedAlone(who: LoggedIn): Promise<SiteRow[]>
  deleteAccount(who: LoggedIn): Promise<void>

  /** Follows a link from a letter. False if it is not good any more. */
  confirmEmail(caller: Caller, link: string): Promise<boolean>
  /** Sends a link if there is such an account with a confirmed address; says nothing either way. */
  requestReset(caller: Caller, loginOrEmail: string): Promise<void>
  /** Sets a new password and ends all sessions. False if the link is not good any more. */
  reset(caller: Caller, link: string, password: string): Promise<boolean>

  /** Lets the letters under way be sent. */
  close(): Promise<void>
}
