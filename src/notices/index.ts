import type { Random } from '../core/random.ts'
import type { Jobs } from '../jobs.ts'
import { newId } from '../keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Mailer } from '../mail/mailer.ts'
import { assertId, type Gate, notFound } from '../manage/gate.ts'
import type { Actor } from '../manage/manage.ts'
import type { Channel, DeliveryRow, Store } from '../store/store.ts'
import { deliveryNames, mailCarrier } from './by-mail.ts'
import { webhookCarrier } from './by-webhook.ts'
import { type Ending, startCourier } from './courier.ts'
import { type LetterPlace, OPTIONAL_KINDS } from './notice.ts'
import type { Notices } from './notices.ts'
import type { Post } from './post.ts'
import { makeWaysOut } from './way-out.ts'
import { webhookDeeds } from './webhooks.ts'

const LETTERS_AT_ONCE = 4
const WEBHOOKS_AT_ONCE = 8
const HOUR_MS = 3_600_000
/** For so long letters wait for a mail server that is not set. */
const NO_SERVER_MS = 7 * 86_400_000

/**
 * What people are told, and the couriers that bring it.
 *
 * @param tools.alone whether this is the only service at its store: then nobody holds anything when it starts
 */
export function makeNotices(tools: {
  store: Store
  ledger: Ledger
  gate: Gate
  jobs: Jobs
  mailer: Mailer
  post: Post
  place: LetterPlace
  rootKeys: readonly Uint8Array[]
  random: Random
  now: () => number
  alone: boolean
  privateToo: boolean
  onEnding: (channel: Channel, ending: Ending) => void
  onError: (error: Error) => void
}): Notices {
  const { store, gate, jobs, mailer, rootKeys, random, now, onEnding } = tools
  const waysOut = makeWaysOut(rootKeys, random)
  const nameOf = deliveryNames(rootKeys[0]!)
  const parts = { ...tools, waysOut, nameOf, deliveries: store.deliveries }
  const holder = newId(random, 'node')
  const mail = startCourier({
    ...{ ...parts, holder, channel: 'mail', atOnce: LETTERS_AT_ONCE },
    carry: mailCarrier(parts),
    onEnding: (ending) => onEnding('mail', ending),
  })
  const webhooks = startCourier({
    ...{ ...parts, holder, channel: 'webhook', atOnce: WEBHOOKS_AT_ONCE },
    carry: webhookCarrier(parts),
    onEnding: (ending) => onEnding('webhook', ending),
    onFailed: ({ recipient }, why) => store.webhooks.turnOff(recipient, why),
  })
  let freed = tools.alone ? null : Promise.resolve()

  // At every tick: what is due is looked for in an index, and there is mostly nothing.
  jobs.add({ name: 'webhooks', everyMs: 0, run: () => begin(webhooks.round) })
  if (mailer.able) jobs.add({ name: 'letters', everyMs: 0, run: () => begin(mail.round) })
  else jobs.add({ name: 'letters', everyMs: HOUR_MS, run: giveUp })

  return {
    ...webhookDeeds(parts),

    async choices(actor) {
      gate.pass(actor, 'mail.own')
      const refused = await store.mailChoices.refused(actor.account.id)
      return kindsOf(actor).map((kind) => ({ kind, wanted: !refused.includes(kind) }))
    },

    async setChoices(actor, wanted) {
      gate.pass(actor, 'mail.set')
      for (const kind of kindsOf(actor)) {
        await store.mailChoices.set(actor.account.id, kind, wanted.includes(kind), actor.by)
      }
    },

    async list(actor, limit, before) {
      gate.pass(actor, 'promises.read')
      return store.deliveries.notices(limit, before)
    },

    async one(actor, id) {
      gate.pass(actor, 'promises.read')
      assertId(id)
      const notice = await store.deliveries.notice(id)
      if (!notice) throw notFound()
      return notice
    },

    async failed(actor, limit, noticeId) {
      gate.pass(actor, 'promises.read')
      return store.deliveries.failed(limit, noticeId)
    },

    async report(actor, id) {
      gate.pass(actor, 'promises.read')
      assertId(id)
      return csv(store.deliveries.report(id))
    },

    async retry(actor, noticeId, one) {
      gate.pass(actor, 'promises.write')
      for (const id of [noticeId, one?.recipient ?? '-']) assertId(id)
      if (!one) return store.deliveries.retry(noticeId, null, actor.by)
      const { channel, recipient } = one
      if (channel !== 'mail' && channel !== 'webhook') throw notFound()
      return store.deliveries.retry(noticeId, { channel, recipient }, actor.by)
    },

    leaving: waysOut.read,
    async leave({ accountId, kind }) {
      await store.mailChoices.set(accountId, kind, false)
    },

    async lateSince() {
      if (!mailer.able) return null
      return mail.awaySince() ?? store.deliveries.dueSince('mail')
    },

    async close() {
      await Promise.all([mail.close(), webhooks.close()])
    },
  }

  async function begin(round: () => Promise<void>): Promise<void> {
    freed ??= store.deliveries.freeAll().catch((error) => {
      freed = null
      throw error
    })
    await freed
    await round()
  }

  async function giveUp(): Promise<void> {
    const why = 'No mail server is set (ONE_CAPTCHA_SMTP_URL).'
    await store.deliveries.giveUp('mail', now() - NO_SERVER_MS, why)
  }
}

/** What somebody can refuse: developers get no alerts. */
function kindsOf({ account }: Actor) {
  return OPTIONAL_KINDS.filter((kind) => kind !== 'alert' || account.role === 'operator')
}

async function* csv(rows: AsyncIterable<DeliveryRow>): AsyncGenerator<string> {
  yield 'channel,recipient,state,tries,ended,why\r\n'
  for await (const { channel, recipient, state, attempts, doneAt, why } of rows) {
    // A keyed hash leads to nobody, and helps nobody.
    const who = /^(acc|whk)_/.test(recipient) ? recipient : 'an address without an account'
    const ended = doneAt === null ? '' : new Date(doneAt).toISOString()
    const cells = [channel, who, state, String(attempts), ended, why]
    yield `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`
  }
}
