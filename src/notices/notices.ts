import type { Actor } from '../manage/manage.ts'
import type { DeliveryRow, NoticeRow, Webhook } from '../store/store.ts'
import type { NoticeKind, OptionalKind } from './notice.ts'
import type { Leaving } from './way-out.ts'

/** A failed delivery, as operators see it: whose it is, and never an address. */
export type FailedDelivery = DeliveryRow & { kind: NoticeKind }

/** What came of a try: null for what was taken, or why it was not. */
export interface Tried {
  fault: string | null
}

/**
 * What people are told, and how they want it: for the console, the management API and the page that letters lead to. Refusals
 * are as with `Manage`.
 */
export interface Notices {
  /** Which of the optional letters the actor gets. */
  choices(actor: Actor): Promise<{ kind: OptionalKind; wanted: boolean }[]>
  setChoices(actor: Actor, wanted: readonly string[]): Promise<void>

  webhooks(actor: Actor): Promise<Webhook[]>
  /** The secret is in the answer and nowhere else. Tries nothing: `tryWebhook` does. */
  addWebhook(
    actor: Actor,
    order: { url: string; kinds: readonly string[] },
  ): Promise<{ webhook: Webhook; secret: string }>
  /** @param changes.state turns one on that failed for too long */
  setWebhook(
    actor: Actor,
    id: string,
    changes: { kinds?: readonly string[]; state?: string },
  ): Promise<Webhook>
  removeWebhook(actor: Actor, id: string): Promise<void>
  /** Sends an event of type `test`, now. */
  tryWebhook(actor: Actor, id: string): Promise<Tried>
  /** What a webhook of the actor's can be told. */
  kinds(actor: Actor): NoticeKind[]

  /** The operator's, all that follow. Newest first. @param before the last one of the page before */
  list(
    actor: Actor,
    limit: number,
    before?: { createdAt: number; id: string },
  ): Promise<NoticeRow[]>
  one(actor: Actor, id: string): Promise<NoticeRow>
  /** What failed for good, of all notices or of one. */
  failed(actor: Actor, limit: number, noticeId?: string): Promise<FailedDelivery[]>
  /** Lines of CSV: what became of each delivery of a notice. Accounts and webhooks by id, and no address. */
  report(actor: Actor, id: string): Promise<AsyncIterable<string>>
  /** Tries again what failed. @param one the delivery; absent for all of the notice. Says how many. */
  retry(
    actor: Actor,
    noticeId: string,
    one?: { channel: string; recipient: string },
  ): Promise<number>

  /** Whose letters a link stops; null for a link that is not ours. */
  leaving(slip: string): Leaving | null
  /** Stops them. Also if they were stopped before. */
  leave(leaving: Leaving): Promise<void>

  /** Since when letters should have gone that did not; null for none. */
  lateSince(): Promise<number | null>
  /** Lets go out what is under way. */
  close(): Promise<void>
}
