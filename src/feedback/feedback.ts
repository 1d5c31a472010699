import type { Actor } from '../manage/manage.ts'
import type {
  FeedbackKind,
  FeedbackNumbers,
  FeedbackRow,
  FeedbackState,
  FeedbackThread,
  TermsPlace,
} from '../store/store.ts'
import type { Finding } from './personal.ts'

/** Who sends something: on which network, and who they are where a program sends it with a management key. */
export interface Sender {
  network: { newest: string; former: string | null }
  actor: Actor | null
}

/** What somebody wants to tell, as it was sent: nothing of it is trusted. */
export interface Wish {
  kind: string
  text: string
  /** Where answers go by mail; '' for nowhere. */
  address: string
  about: TermsPlace | null
  personal: Personal
  /** What shows that it is no robot's: a token of the widget, or a ticket that was given before. */
  token: string
  ticket: string
}

/** What to do with what looks personal: ask, take it out, or send it as it is. */
export type Personal = 'ask' | 'redact' | 'keep'

/** What came of it. Only what is `kept` is kept. */
export type Sent =
  | { outcome: 'kept'; receipt: string }
  /** There is something in it that looks personal: where. The ticket makes another look at the sender needless. */
  | { outcome: 'personal'; text: string; findings: Finding[]; ticket: string }
  /** Nothing shows that it is no robot's. It can be sent with this ticket, once, in so many seconds. */
  | { outcome: 'wait'; text: string; ticket: string; seconds: number }
  /** The token or ticket was used before, or is too old. */
  | { outcome: 'refused'; text: string }

/** What came of a further message. */
export type Added =
  | { outcome: 'added' | 'missing' | 'closed' | 'full' }
  | { outcome: 'personal'; text: string; findings: Finding[] }

/** The clauses of a version, for those who want to say something about one. */
export interface TermsChoice {
  number: number
  clauses: { id: string; words: string }[]
}

/** What people tell the operator, and what they are answered. */
export interface Feedback {
  /** The widget of the form: its site's key, and what it is for. */
  guard: { sitekey(): Promise<string>; action: string }
  /** What of the Terms can be spoken about: the version in force first, then the one that will be. */
  choices(): TermsChoice[]
  send(from: Sender, wish: Wish): Promise<Sent>
  /** What a receipt is for; null where it is for nothing, whatever the reason. */
  read(from: Sender, receipt: string): Promise<FeedbackThread | null>
  add(from: Sender, receipt: string, text: string, personal: Personal): Promise<Added>
  /** Deletes all of it. False where the receipt is for nothing. */
  withdraw(from: Sender, receipt: string): Promise<boolean>
  /** What came in the last 90 days: sums alone. */
  numbers(): Promise<FeedbackNumbers>

  /** The operator's, all that follow. */
  list(
    actor: Actor,
    query: { state?: FeedbackState; kind?: FeedbackKind; before?: string; limit: number },
  ): Promise<FeedbackRow[]>
  /** All that is kept, by kind and state. */
  counts(actor: Actor): Promise<FeedbackNumbers['counts']>
  one(actor: Actor, id: string): Promise<FeedbackThread>
  reply(actor: Actor, id: string, text: string): Promise<void>
  note(actor: Actor, id: string, text: string): Promise<void>
  setState(actor: Actor, id: string, state: 'open' | 'closed'): Promise<void>
  remove(actor: Actor, id: string): Promise<void>
}
