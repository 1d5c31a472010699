import { Type } from 'typebox'
import { ACTION, CDATA } from '../core/values.ts'

const closed = { additionalProperties: false }

export const ChallengeInquiry = Type.Object(
  {
    sitekey: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    action: Type.Optional(Type.String(ACTION)),
    cdata: Type.Optional(Type.String(CDATA)),
    kind: Type.Optional(Type.Literal('pow')),
    tokenLifeMs: Type.Optional(Type.Integer({ minimum: 15_000, maximum: 600_000 })),
  },
  { ...closed, examples: [{ sitekey: 'oc-test-pass', action: 'signup' }] },
)

const Point = Type.Array(Type.Number({ minimum: -100_000, maximum: 10_000_000 }), {
  minItems: 3,
  maxItems: 3,
})

export const SolutionInquiry = Type.Object(
  {
    challenge: Type.String({ minLength: 1, maxLength: 4_096 }),
    replies: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 4 }),
    trace: Type.Optional(Type.Array(Point, { maxItems: 1_000 })),
    instead: Type.Optional(
      Type.Union([Type.Literal('another'), Type.Literal('patience'), Type.Literal('lighter')]),
    ),
  },
  closed,
)

const Mode = Type.Union([
  Type.Literal('invisible'),
  Type.Literal('checkbox'),
  Type.Literal('puzzle'),
])

const issued = {
  challenge: Type.String(),
  tasks: Type.Array(
    Type.Object({
      kind: Type.String(),
      prompt: Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
    }),
  ),
  expiresInMs: Type.Integer(),
  mode: Mode,
  waitMs: Type.Optional(Type.Integer()),
  test: Type.Optional(Type.Literal(true)),
}

export const IssuedReply = Type.Object({
  ...issued,
  maintenance: Type.Optional(
    Type.Object(
      { startsAt: Type.Integer(), endsAt: Type.Integer() },
      { description: 'A window that runs, or begins within a day. Epoch milliseconds.' },
    ),
  ),
})

export const TokenReply = Type.Object({ token: Type.String(), expiresInMs: Type.Integer() })

export const NextReply = Type.Object({ reason: Type.String(), ...issued })

export const ErrorReply = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    until: Type.Optional(Type.Integer({ description: 'Epoch milliseconds.' })),
  }),
})
