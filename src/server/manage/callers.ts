import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { BadRequest } from '../../core/bad-request.ts'
import type { Actor } from '../../manage/manage.ts'
import { countNetwork } from '../networks.ts'

const FADE_MS = 60_000
/** Calls with one key in a minute, on and on; and at once. */
const CALLS_MAX = 600
/** What wrong keys are counted under in place of a sitekey, which has no blank. */
const GUESSING = 'key guessing'
const GUESSES_MAX = 60

/** Who calls, by their request. Gone with it. */
const callers = new WeakMap<FastifyRequest, Actor>()

/**
 * Lets in only whoever shows a key that is good now, before anything of the body is read. A key is taken from the
 * `Authorization` header and nowhere else: what is in an address ends up in logs.
 */
export function onlyCallers(app: FastifyInstance, context: Context) {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const actor = await callerIn(request, reply, context)
    await assertTerms(actor, context)
    callers.set(request, actor)
  })
}

/** Whose key a request shows. Throws if it is nobody's, or is used too often. */
export async function callerIn(
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<Actor> {
  const key = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
  const actor = key ? await context.manage.byKey(key) : null
  if (!actor) throw await stranger(request, reply, context)
  await countCalls(actor, reply, context)
  return actor
}

/** Who has made this request. */
export function callerOf(request: FastifyRequest): Actor {
  const caller = callers.get(request)
  if (!caller) throw new Error('This route is not behind onlyCallers.')
  return caller
}

/** The same for no key, a mistyped one, one that has ended, and one whose account has. */
async function stranger(request: FastifyRequest, reply: FastifyReply, context: Context) {
  const keys = context.networks.keysOf(request.raw, GUESSING)
  if ((await countNetwork(context.ledger, keys, FADE_MS)) > GUESSES_MAX) return tooMany()
  reply.header('www-authenticate', 'Bearer')
  return new BadRequest(
    'key-invalid',
    'A key that is good now must be sent in the Authorization header: Bearer oca_….',
    'authorization',
  )
}

/** To call is to use the service: that agrees to the Terms in force, unless they ask for more. */
async function assertTerms({ account, by }: Actor, { terms, config }: Context) {
  if (await terms.use(account.id, by)) return
  const { number } = await terms.current()
  const page = `${config.publicUrl ?? ''}/console/terms`
  throw new BadRequest(
    'terms-not-accepted',
    `Version ${number} of the Terms is in force, and must be accepted by a person first: log in, and do so at ${page}.`,
  )
}

async function countCalls({ by }: Actor, reply: FastifyReply, { ledger }: Context) {
  const calls = await ledger.count(`manage ${by}`, FADE_MS)
  reply.header('x-ratelimit-limit', CALLS_MAX)
  reply.header('x-ratelimit-remaining', Math.max(0, Math.floor(CALLS_MAX - calls)))
  if (calls > CALLS_MAX) throw tooMany()
}

function tooMany(): BadRequest {
  const error = new BadRequest('too-many-requests', 'Too many calls. Try again in a minute.')
  error.retryAfterS = FADE_MS / 1_000
  return error
}
