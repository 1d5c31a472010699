import { createHmac } from 'node:crypto'
import type { Held, Store } from '../store/store.ts'
import type { Carry } from './courier.ts'
import { ALSO_SUSPENDED, type Notice } from './notice.ts'
import type { Answer, Post } from './post.ts'

const GONE = 410

/** What a webhook is sent. */
export interface Event {
  /** Of a kind and what happened: `terms.announced`. */
  type: string
  at: number
  data: object
}

/** Brings notices to webhooks. */
export function webhookCarrier(tools: {
  store: Pick<Store, 'accounts' | 'webhooks'>
  post: Post
  now: () => number
  nameOf: (held: Held) => string
}): Carry {
  const { store, post, now, nameOf } = tools
  return async (held, signal) => {
    const { notice, recipient } = held
    const webhook = await store.webhooks.byId(recipient)
    if (webhook?.state !== 'on') return { is: 'dropped', why: 'The webhook is off, or gone.' }
    const account = await store.accounts.byId(webhook.accountId)
    const listens =
      account?.state === 'active' ||
      (account?.state === 'suspended' && ALSO_SUSPENDED.includes(notice.kind))
    if (!listens) return { is: 'dropped', why: 'The account is suspended, or has ended.' }
    if (notice.kind === 'alert' && account.role !== 'operator')
      return { is: 'dropped', why: 'The account is no operator’s any more.' }
    const secret = await store.webhooks.secretOf(recipient)
    if (secret === null) return { is: 'dropped', why: 'The webhook is off, or gone.' }
    const message = signed(`msg_${nameOf(held)}`, secret, eventOf(notice), now())
    const answer = await post(webhook.url, message, signal)
    if (took(answer)) return { is: 'sent' }
    const why = wordsOf(answer)
    if ('status' in answer && answer.status === GONE) return { is: 'refused', why, sure: true }
    return { is: 'later', why }
  }
}

/** True if the other side has it. */
export function took(answer: Answer): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300
}

/** What came back, in our words. */
export function wordsOf(answer: Answer): string {
  if ('fault' in answer) return answer.fault
  if (answer.status >= 300 && answer.status < 400)
    return `It answered ${answer.status}: redirections are not followed.`
  return `It answered ${answer.status}.`
}

/**
 * An event as Standard Webhooks 1.0 has it: its id is the same at every try, and the signature covers it, the time and the
 * body.
 */
export function signed(id: string, secret: string, event: Event, nowMs: number) {
  const { type, at, data } = event
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
  const seconds = String(Math.floor(nowMs / 1_000))
  const key = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'One-Captcha-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
  }
  return { headers, body }
}

function eventOf(notice: Notice): Event {
  const what = {
    terms: () => (notice.facts as { event: string }).event,
    maintenance: () => (notice.facts as { event: string }).event,
    incident: () => (notice.facts as { state: string }).state,
    breach: () => 'told',
    account: () => 'changed',
    feedback: () => 'answered',
    alert: () => (notice.facts as { about: string }).about,
  }[notice.kind]()
  return { type: `${notice.kind}.${what}`, at: notice.createdAt, data: notice.facts }
}
