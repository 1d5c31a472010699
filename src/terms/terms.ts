import type { Actor } from '../manage/manage.ts'

/** The Terms as they were at one time. */
export interface Version {
  /** From 1 on; 0 for the founding text, which the software comes with and holds until an operator announces a version. */
  number: number
  /** Follows from the moments, and from those of other versions. */
  state: 'founding' | 'draft' | 'announced' | 'in-force' | 'superseded' | 'withdrawn'
  /** What is different from the version before, for its readers. */
  summary: string
  /** How it is accepted: by use after it is in force, or by a click. */
  acceptance: 'use' | 'click'
  announcedAt: number | null
  effectiveAt: number | null
  /** When the next version came into force; null while there is none. */
  endedAt: number | null
  /** When it was taken back; null if it was not. */
  withdrawnAt: number | null
  texts: readonly VersionText[]
}

/** One language of a version. The first is the one that binds. */
export interface VersionText {
  lang: string
  /** Markdown, byte for byte as announced. */
  text: string
  /** SHA-256 of the text's UTF-8 bytes, hex; '' while it is a draft. */
  hash: string
}

/** That an account agreed. */
export interface Acceptance {
  number: number
  way: 'use' | 'click' | 'sign-up'
  at: number
  /** Of the text that binds, as it was: the founding text is the operator's settings' too. */
  hash: string
}

/** What an operator writes of a version before it is announced. */
export interface DraftText {
  summary: string
  acceptance: Version['acceptance']
  texts: readonly { lang: string; text: string }[]
}

/** A version that is not announced yet. */
export interface Draft extends Version {
  /** Tells one change of it from another. */
  changedAt: number
}

/** What holds at this moment, and what will next. */
export interface Holding {
  current: Version
  upcoming: Version | null
}

/** The Terms of Use: what they say, since when, and who accepted them. */
export interface Terms {
  /** As last read, seconds ago at most while the store can be read; it waits for nothing, and never fails. */
  known(): Holding
  /** The one in force now, or the founding text. Never fails while the store is away. */
  current(): Promise<Version>
  /** The one that was announced and will be in force; null if none is. */
  upcoming(): Promise<Version | null>
  /** All that were announced, and are not withdrawn, the newest first; the founding text is the last. */
  versions(): Promise<Version[]>
  /** One that was announced, also one that was withdrawn; 0 for the founding text. Null for a draft and for what never was. */
  version(number: number): Promise<Version | null>

  /**
   * Has it written down that an account uses the service under the version in force; cheap when it is known.
   *
   * @param by who, in the audit log's words: the account's id, or its key's
   * @returns false if that version wants a click, which the account has not given
   */
  use(accountId: string, by?: string): Promise<boolean>
  /** By a click, of the version in force or of one that is announced. False if that is none of them, or was accepted before. */
  accept(accountId: string, number: number): Promise<boolean>
  /** The newest first. */
  acceptances(accountId: string): Promise<Acceptance[]>

  /** The operator's, all that follow: `TermsDesk`. */
  desk: TermsDesk
}

/** Where an operator writes versions. What cannot be done as things are is `field-invalid`, with the reason. */
export interface TermsDesk {
  /** All that were announced, also those that were withdrawn, the newest first; the founding text is the last. */
  all(actor: Actor): Promise<Version[]>
  draft(actor: Actor): Promise<Draft | null>
  /** What a new draft begins with: the newest version's texts. */
  begin(actor: Actor): Promise<DraftText>
  /** @param from the change that it was written from, null for none; `revision-outdated` if there was another meanwhile */
  write(actor: Actor, draft: DraftText, from?: number | null): Promise<Draft>
  discard(actor: Actor): Promise<void>
  /** When the draft may be in force at the earliest; null for at once. */
  earliest(actor: Actor): Promise<number | null>
  /**
   * Announces the draft: from then on no byte of it changes. Everybody with an account is told. Dangerous, as is `withdraw`.
   *
   * @param order.effectiveAt at least the notice period from now, unless no version was in force before; null for as early
   *   as may be
   * @param order.changedAt the change of the draft that was looked at
   */
  announce(
    actor: Actor,
    order: { effectiveAt: number | null; changedAt?: number },
  ): Promise<Version>
  /** Takes back a version that is announced and not in force yet. */
  withdraw(actor: Actor, number: number): Promise<void>
  /** How many of the active accounts accepted a version, by way; and how many accounts there are. */
  accepted(
    actor: Actor,
    number: number,
  ): Promise<Record<Acceptance['way'], number> & { of: number }>
  /** How many would be told, and how many of them by a letter. */
  audience(actor: Actor): Promise<{ accounts: number; letters: number }>
}
