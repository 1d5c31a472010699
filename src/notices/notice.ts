/** What each kind of notice is made of. Its letter, its webhook and its banner are written from these. */
export interface NoticeFacts {
  /** A version of the Terms: announced, or taken back before its day. Nothing more is said when it is in force. */
  terms: {
    event: 'announced' | 'withdrawn'
    number: number
    summary: string
    effectiveAt: number
    acceptance: 'use' | 'click'
  }
  /** A window in which the service is looked after. */
  maintenance: {
    event: 'announced' | 'changed' | 'cancelled' | 'reminder' | 'begun' | 'completed'
    id: string
    title: string
    body: string
    components: string[]
    effect: 'none' | 'paused'
    startsAt: number
    endsAt: number
    /** Why it was announced at shorter notice than promised; '' if it was not. */
    reason: string
  }
  /** Something went wrong: how it stands. */
  incident: {
    id: string
    title: string
    impact: 'none' | 'minor' | 'major' | 'critical'
    components: string[]
    state: 'investigating' | 'identified' | 'monitoring' | 'resolved'
    body: string
    startedAt: number
    resolvedAt: number | null
  }
  /** A breach that concerns the reader, as GDPR Article 34 asks: what happened, what may follow, what is done, whom to ask. */
  breach: {
    id: string
    noticedAt: number
    nature: string
    data: string
    consequences: string
    measures: string
    advice: string
    contact: string
    /** 1 for the first notice of this breach; then what else is known by now. */
    number: number
  }
  /** The reader's own account was changed, or ended. */
  account: { change: AccountChange; login: string; reason?: string }
  /** An answer to somebody's feedback. The letter cannot name their receipt: nobody but they have it. */
  feedback: { kind: string; answer: string }
  /** For operators: something that wants looking at. */
  alert: { about: 'doctor' | 'feedback' | 'delivery' | 'breach'; text: string; path: string }
}

/** What may happen to an account that its holder should hear of, in case it was not them. */
export type AccountChange =
  | 'password'
  | 'email'
  | 'totpOn'
  | 'totpOff'
  | 'recovery'
  | 'passkeyAdded'
  | 'passkeyRemoved'
  | 'role'
  | 'suspended'
  | 'reinstated'
  | 'terminated'
  | 'webhookOff'

export type NoticeKind = keyof NoticeFacts

/** What can be refused by those who do not want it by mail. The others are part of the agreement, or of the account. */
export const OPTIONAL_KINDS = ['maintenance', 'incident', 'alert'] as const

export type OptionalKind = (typeof OPTIONAL_KINDS)[number]

/** What those are told too whose account is suspended. */
export const ALSO_SUSPENDED: readonly NoticeKind[] = ['breach', 'account']

/** To whom something is told. */
export type Audience =
  /** Every account that is active. */
  | 'everybody'
  | 'operators'
  | { accounts: readonly string[] }
  /** Those whom a breach concerns, also where they are suspended. */
  | { breach: string }
  /** Somebody without an account, who gave an address for this one letter. It is encrypted, and deleted once it went. */
  | { address: string }

/** Something that is told, once: of two of one kind about the same, there is the first. */
export type NewNotice = {
  [Kind in NoticeKind]: {
    kind: Kind
    /** Names the cause: `terms/3/announced`, `maintenance/mnt_…/2`. */
    about: string
    facts: NoticeFacts[Kind]
    to: Audience
  }
}[NoticeKind]

/** Something that was told, as it is kept. */
export type Notice = {
  [Kind in NoticeKind]: {
    id: string
    kind: Kind
    about: string
    createdAt: number
    facts: NoticeFacts[Kind]
  }
}[NoticeKind]

/** A letter before it is text or HTML. */
export interface Letter {
  subject: string
  parts: readonly Part[]
}

/** A paragraph, a link on a line of its own, or a list. */
export type Part = string | { words: string; path: string } | { list: readonly string[] }

/** What a letter's words may name. */
export interface LetterPlace {
  /** The service's address, such as `https://captcha.example.org`, and its host. */
  publicUrl: string
  host: string
  /** Who runs it; '' where nobody is named. */
  operator: string
}
