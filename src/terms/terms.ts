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
  texts: readonly VersionText[]
}

/** One language of a version. The first is the one that binds. */
export interface VersionText {
  lang: string
  /** Markdown, byte for byte as announced. */
  text: string
  /** SHA-256 of the text's UTF-8 bytes, hex. */
  hash: string
}

/** That an account agreed. */
export interface Acceptance {
  number: number
  way: 'use' | 'click' | 'sign-up'
  at: number
}

/** What an operator writes of a version before it is announced. */
export interface DraftText {
  summary: string
  acceptance: Version['acceptance']
  texts: readonly { lang: string; text: string }[]
}

/** The Terms of Use: what they say, since when, and who accepted them. */
export interface Terms {
  /** The one in force now, or the founding text. Never fails while the store is away, once it has been read. */
  current(): Promise<Version>
  /** The one that was announced and will be in force; null if none is. */
  upcoming(): Promise<Version | null>
  /** All that were announced, and are not withdrawn, the newest first. */
  versions(): Promise<Version[]>
  /** One that was announced; null for a draft and for what never was. */
  version(number: number): Promise<Version | null>

  /** Has it written down that an account uses the service under the version in force; cheap when it is known. */
  use(accountId: string): Promise<void>
  /** True if the version in force wants a click that this account has not given. */
  owes(accountId: string): Promise<boolean>
  accept(accountId: string, number: number, way: Acceptance['way']): Promise<void>
  acceptances(accountId: string): Promise<Acceptance[]>

  /** The operator's, all that follow. The draft, or null; a new one begins with the newest version's text. */
  draft(actor: Actor): Promise<Version | null>
  write(actor: Actor, draft: DraftText): Promise<Version>
  discard(actor: Actor): Promise<void>
  /**
   * Announces the draft: from then on no byte of it changes. Everybody with an account is told.
   *
   * @param effectiveAt at least the notice period from now, unless no version was in force before
   */
  announce(actor: Actor, effectiveAt: number): Promise<Version>
  /** Takes back a version that is announced and not in force yet. */
  withdraw(actor: Actor, number: number): Promise<void>
  /** How many accounts accepted a version, by way; and how many there are. */
  accepted(
    actor: Actor,
    number: number,
  ): Promise<Record<Acceptance['way'], number> & { of: number }>
}
