import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import type { Sender } from '../feedback/feedback.ts'
import { type Finding, wordsOf } from '../feedback/personal.ts'
import { TEXT_MAX } from '../feedback/read.ts'
import { FEEDBACK_KINDS, FEEDBACK_STATES, type FeedbackThread } from '../store/store.ts'
import { callerIn } from './manage/callers.ts'
import { ErrorReply } from './schemas.ts'

/** What its networks are counted under in place of a sitekey, which has no blank. */
export const SENDING = 'feedback form'
/** Its longest text, where each character is escaped, and the rest. */
export const FEEDBACK_BYTES_MAX = 65_536

const closed = { additionalProperties: false }
const choice = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] })
const Text = Type.String({ minLength: 1, maxLength: TEXT_MAX })
const Personal = Type.Optional(
  Type.Unsafe<'redact' | 'keep'>({
    type: 'string',
    enum: ['redact', 'keep'],
    description:
      'What to do with what looks personal. Where it is not said, and there is some: 422.',
  }),
)
const Receipt = Type.String({ minLength: 1, maxLength: 100, description: '`ocr_…`' })
const Moment = Type.Integer({ description: 'Epoch milliseconds.' })

const Order = Type.Object(
  {
    kind: choice(FEEDBACK_KINDS),
    text: Text,
    address: Type.Optional(
      Type.String({ maxLength: 254, description: 'Where answers go by mail.' }),
    ),
    about: Type.Optional(
      Type.Object(
        {
          version: Type.Integer({ minimum: 0 }),
          clause: Type.Optional(Type.String({ maxLength: 40, description: 'Such as `4.2`.' })),
        },
        closed,
      ),
    ),
    personal: Personal,
    token: Type.Optional(
      Type.String({
        maxLength: 8_192,
        description: 'Of the widget on `/feedback`. A management key does in its place.',
      }),
    ),
  },
  { ...closed, examples: [{ kind: 'terms', text: 'Clause 4.2 is hard to read.' }] },
)
const ReceiptOrder = Type.Object({ receipt: Receipt }, closed)
const MessageOrder = Type.Object({ receipt: Receipt, text: Text, personal: Personal }, closed)

const Kept = Type.Object(
  { receipt: Type.String() },
  {
    description:
      'The receipt is shown this once. It is kept, on a disk, by the time of this reply.',
  },
)
const Done = Type.Object({ done: Type.Literal(true) })
const Thread = Type.Object({
  kind: choice(FEEDBACK_KINDS),
  state: choice(FEEDBACK_STATES),
  text: Type.String(),
  createdAt: Moment,
  answeredByMail: Type.Boolean({ description: 'An address was given, and answers go there too.' }),
  entries: Type.Array(
    Type.Object({ sort: choice(['message', 'reply']), text: Type.String(), at: Moment }),
  ),
})
const Personals = Type.Object({
  ...ErrorReply.properties,
  findings: Type.Array(
    Type.Object({ what: Type.String(), from: Type.Integer(), to: Type.Integer() }),
    { description: 'Where in `text` it is, in UTF-16 code units.' },
  ),
})
const refusals = { 422: Personals, '4xx': ErrorReply, '5xx': ErrorReply }

/** Takes feedback, and shows with a receipt what came of it. */
export function feedback(app: FastifyInstance, context: Context) {
  if (!context.config.feedback) return
  const { feedback } = context
  const tags = ['anybody']
  const bodyLimit = FEEDBACK_BYTES_MAX

  app.post<{ Body: Static<typeof Order> }>(
    '/v1/feedback',
    {
      bodyLimit,
      schema: {
        summary: 'Send feedback',
        description:
          'On the service, on a clause of the Terms, on a weakness, or on abuse. With a token of the widget, or with a management key.',
        tags,
        security: [{}, { key: [] }],
        body: Order,
        response: { 201: Kept, ...refusals },
      },
    },
    async (request, reply) => {
      const from = await senderOf(request, reply)
      const { kind, text, address = '', about, personal = 'ask', token = '' } = request.body
      if (!from.actor && token === '') throw noToken()
      const sent = await feedback.send(from, {
        ...{ kind, text, address, personal, token, ticket: '' },
        about: about ? { number: about.version, clause: about.clause ?? '' } : null,
      })
      if (sent.outcome === 'personal') return refusePersonal(reply, sent.findings)
      if (sent.outcome !== 'kept') throw noToken()
      return reply.code(201).send({ receipt: sent.receipt })
    },
  )

  app.post<{ Body: Static<typeof ReceiptOrder> }>(
    '/v1/feedback/receipt',
    {
      schema: {
        summary: 'Read what came of feedback',
        tags,
        body: ReceiptOrder,
        response: { 200: Thread, '4xx': ErrorReply, '5xx': ErrorReply },
      },
    },
    async (request, reply) => {
      const thread = await feedback.read(strangerOf(request, reply), request.body.receipt)
      if (!thread) throw noReceipt()
      return viewOf(thread)
    },
  )

  app.post<{ Body: Static<typeof MessageOrder> }>(
    '/v1/feedback/receipt/messages',
    {
      bodyLimit,
      schema: {
        summary: 'Add a message to feedback',
        tags,
        body: MessageOrder,
        response: { 201: Done, ...refusals },
      },
    },
    async (request, reply) => {
      const { receipt, text, personal = 'ask' } = request.body
      const added = await feedback.add(strangerOf(request, reply), receipt, text, personal)
      if (added.outcome === 'personal') return refusePersonal(reply, added.findings)
      if (added.outcome === 'missing') throw noReceipt()
      if (added.outcome === 'closed')
        throw new BadRequest('feedback-closed', 'This is closed. Please send new feedback.')
      if (added.outcome === 'full')
        throw new BadRequest('limit-reached', 'There are 100 messages. Please send new feedback.')
      return reply.code(201).send({ done: true as const })
    },
  )

  app.post<{ Body: Static<typeof ReceiptOrder> }>(
    '/v1/feedback/receipt/delete',
    {
      schema: {
        summary: 'Delete feedback',
        description: 'With all that was said about it. Nothing of it is left.',
        tags,
        body: ReceiptOrder,
        response: { 200: Done, '4xx': ErrorReply, '5xx': ErrorReply },
      },
    },
    async (request, reply) => {
      if (!(await feedback.withdraw(strangerOf(request, reply), request.body.receipt)))
        throw noReceipt()
      return { done: true as const }
    },
  )

  /** A key that is shown must be good: who mistypes theirs shall not be taken for a stranger. */
  async function senderOf(request: FastifyRequest, reply: FastifyReply): Promise<Sender> {
    const from = strangerOf(request, reply)
    if (request.headers.authorization === undefined) return from
    return { ...from, actor: await callerIn(request, reply, context) }
  }

  function strangerOf(request: FastifyRequest, reply: FastifyReply): Sender {
    reply.header('cache-control', 'no-store')
    return { network: context.networks.keysOf(request.raw, SENDING), actor: null }
  }
}

function viewOf({ kind, state, text, createdAt, address, entries }: FeedbackThread) {
  return {
    ...{ kind, state, text, createdAt, answeredByMail: address !== null },
    entries: entries.map(({ sort, text, at }) => ({ sort: sort as 'message' | 'reply', text, at })),
  }
}

function refusePersonal(reply: FastifyReply, findings: readonly Finding[]) {
  return reply.code(422).send({
    error: {
      code: 'personal-data',
      message:
        'Some of it looks personal, and nothing is kept yet. Send it again with "personal" as "redact" or "keep".',
      field: 'text',
    },
    findings: findings.map(({ kind, from, to }) => ({ what: wordsOf(kind), from, to })),
  })
}

function noToken(): BadRequest {
  return new BadRequest(
    'token-invalid',
    'Send a token of the widget on /feedback that was not used before, or a management key in the Authorization header.',
    'token',
  )
}

/** The same whether it is mistyped, made up, deleted or ended. */
function noReceipt(): BadRequest {
  return new BadRequest('not-found', 'This receipt is for nothing that is here.')
}
