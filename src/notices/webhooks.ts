import { isIP } from 'node:net'
import { BadRequest } from '../core/bad-request.ts'
import type { Random } from '../core/random.ts'
import { newId } from '../keys.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { assertId, type Gate, notFound } from '../manage/gate.ts'
import type { Actor } from '../manage/manage.ts'
import { takeTurns } from '../manage/parts.ts'
import type { Store, Webhook } from '../store/store.ts'
import { isPublicAddress } from './addresses.ts'
import { signed, took, wordsOf } from './by-webhook.ts'
import type { NoticeKind } from './notice.ts'
import type { Notices } from './notices.ts'
import type { Post } from './post.ts'

const WEBHOOKS_MAX = 5
const URL_CHARS_MAX = 500
const SECRET_BYTES = 32
const TRIES_MAX = 20
const TRIES_FADE_MS = 3_600_000

/** What developers can have told to their programs; and what operators can beside it. */
const KINDS: readonly NoticeKind[] = ['terms', 'maintenance', 'incident', 'breach', 'account']
const OPERATOR_KINDS: readonly NoticeKind[] = [...KINDS, 'alert']

type Deeds = Pick<
  Notices,
  'webhooks' | 'addWebhook' | 'setWebhook' | 'removeWebhook' | 'tryWebhook' | 'kinds'
>

/** What account holders do with their webhooks. */
export function webhookDeeds(parts: {
  store: Pick<Store, 'webhooks'>
  gate: Gate
  ledger: Pick<Ledger, 'count'>
  random: Random
  now: () => number
  post: Post
  /** Whether they may lead into private networks, and over plain http. */
  privateToo: boolean
}): Deeds {
  const { store, gate, ledger, random, now, post, privateToo } = parts
  const turns = takeTurns()

  return {
    kinds: kindsFor,

    async webhooks(actor) {
      gate.pass(actor, 'webhooks.own')
      return store.webhooks.of(actor.account.id)
    },

    async addWebhook(actor, order) {
      gate.pass(actor, 'webhook.set')
      const url = readUrl(order.url)
      const kinds = readKinds(actor, order.kinds)
      const accountId = actor.account.id
      return turns(accountId, async () => {
        if ((await store.webhooks.of(accountId)).length >= WEBHOOKS_MAX) {
          throw new BadRequest(
            'limit-reached',
            `An account has at most ${WEBHOOKS_MAX} webhooks. Remove one first.`,
          )
        }
        const secret = `whsec_${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')}`
        const webhook = await store.webhooks.add({ accountId, url, kinds, secret }, actor.by)
        return { webhook, secret }
      })
    },

    async setWebhook(actor, id, changes) {
      gate.pass(actor, 'webhook.set')
      assertId(id)
      const kinds = changes.kinds && readKinds(actor, changes.kinds)
      if (changes.state !== undefined && changes.state !== 'on')
        throw wrong('state', 'state can be set to on.')
      const state = changes.state && ('on' as const)
      if (!kinds && !state)
        throw new BadRequest('field-invalid', 'There must be something to change.')
      const order = { ...(kinds && { kinds }), ...(state && { state }) }
      if (!(await store.webhooks.set(actor.account.id, id, order, actor.by))) throw notFound()
      return own(actor, id)
    },

    async removeWebhook(actor, id) {
      gate.pass(actor, 'webhook.set')
      assertId(id)
      if (!(await store.webhooks.remove(actor.account.id, id, actor.by))) throw notFound()
    },

    async tryWebhook(actor, id) {
      gate.pass(actor, 'webhook.set')
      assertId(id)
      const { url } = await own(actor, id)
      const tries = await ledger.count(`webhook tries ${actor.account.id}`, TRIES_FADE_MS)
      if (tries > TRIES_MAX) {
        const error = new BadRequest('too-many-requests', 'Too many tries. Wait for some minutes.')
        error.retryAfterS = 600
        throw error
      }
      const secret = await store.webhooks.secretOf(id)
      if (secret === null) throw notFound()
      const event = { type: 'test', at: now(), data: {} }
      const answer = await post(url, signed(newId(random, 'msg'), secret, event, now()))
      return { fault: took(answer) ? null : wordsOf(answer) }
    },
  }

  async function own(actor: Actor, id: string): Promise<Webhook> {
    const webhook = await store.webhooks.byId(id)
    if (webhook?.accountId !== actor.account.id) throw notFound()
    return webhook
  }

  /** An address as it would be asked for. What cannot be reached is found out at the first try. */
  function readUrl(input: string): string {
    const text = typeof input === 'string' ? input.trim() : ''
    if (text.length > URL_CHARS_MAX || !URL.canParse(text)) {
      throw wrong('url', `url must be an https address of at most ${URL_CHARS_MAX} characters.`)
    }
    const url = new URL(text)
    if (url.protocol !== 'https:' && !(privateToo && url.protocol === 'http:'))
      throw wrong('url', 'url must begin with https://.')
    if (url.username || url.password)
      throw wrong('url', 'url must have no name or password: what is sent is signed instead.')
    if (url.hash) throw wrong('url', 'url must have no part after #, as it is not sent.')
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const isHere = isIP(host) ? !isPublicAddress(host) : !/\.[^.]/.test(host) || LOCAL.test(host)
    if (isHere && !privateToo)
      throw wrong('url', 'url must lead to the public internet, not into a private network.')
    return url.href
  }
}

/** Names that are nobody's in the public DNS. */
const LOCAL = /\.(localhost|local|internal|home\.arpa|lan)\.?$/

function kindsFor({ account }: Actor): NoticeKind[] {
  return [...(account.role === 'operator' ? OPERATOR_KINDS : KINDS)]
}

function readKinds(actor: Actor, inputs: readonly string[]): NoticeKind[] {
  const choices = kindsFor(actor)
  const known = Array.isArray(inputs) && inputs.every((one) => choices.some((kind) => kind === one))
  if (!known || inputs.length === 0)
    throw wrong('kinds', `kinds must be some of ${choices.join(', ')}.`)
  return choices.filter((kind) => inputs.includes(kind))
}

function wrong(field: string, message: string): BadRequest {
  return new BadRequest('field-invalid', message, field)
}
