import type { FastifySchema } from 'fastify'
import { type TSchema, Type } from 'typebox'

/** What a dialect is described by, in the OpenAPI document. */
interface Described {
  summary: string
  description: string
  takes: Record<string, TSchema>
  says: Record<string, TSchema>
}

const text = (description: string) => Type.String({ description })
const orNull = (description: string) =>
  Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }], description })

const COMMON = {
  secret: text('The site’s secret. It belongs on servers alone.'),
  response: text('The token that came with the form. It is good once.'),
}
const IDEMPOTENCY_KEY = Type.Optional(
  Type.String({
    maxLength: 100,
    description:
      'The same one repeats the first answer: for asking again when no answer came. Any text, such as a UUID.',
  }),
)
const SITEKEY = Type.Optional(text('The site that is expected.'))
const FACTS = {
  success: Type.Boolean({
    description: 'True once, for a token that is good. All else is for logs.',
  }),
  challenge_ts: orNull('When the visitor passed.'),
  hostname: orNull('The host name of the page.'),
}
const CODES = Type.Optional(
  Type.Array(Type.String(), { description: 'Why it is not good; absent on success.' }),
)
const ACTION = Type.Optional(text('What the page called the act.'))

const DESCRIBED: Readonly<Record<string, Described>> = {
  '/v1/siteverify': {
    summary: 'Redeem a token',
    description:
      'Is this token good, and is this its first use? Let the visitor in only on `true`.',
    takes: {
      ...COMMON,
      hostname: Type.Optional(text('The host name that is expected.')),
      action: Type.Optional(text('The act that is expected.')),
      sitekey: SITEKEY,
      idempotency_key: IDEMPOTENCY_KEY,
    },
    says: {
      ...FACTS,
      'error-codes': CODES,
      action: ACTION,
      cdata: Type.Optional(text('What the page wanted back.')),
      reason: Type.Optional(text('Why it is not good, in our words; absent on success.')),
    },
  },
  '/recaptcha/api/siteverify': {
    summary: 'Redeem a token, as with reCAPTCHA',
    description: 'For backends that were written for reCAPTCHA 2 or 3.',
    takes: COMMON,
    says: {
      ...FACTS,
      score: Type.Optional(Type.Number({ description: '0.9 for who passed, 0 for who did not.' })),
      action: ACTION,
      'error-codes': CODES,
    },
  },
  '/hcaptcha/siteverify': {
    summary: 'Redeem a token, as with hCaptcha',
    description: 'For backends that were written for hCaptcha.',
    takes: { ...COMMON, sitekey: SITEKEY },
    says: { ...FACTS, credit: Type.Boolean(), 'error-codes': CODES },
  },
  '/turnstile/v0/siteverify': {
    summary: 'Redeem a token, as with Turnstile',
    description: 'For backends that were written for Turnstile.',
    takes: { ...COMMON, idempotency_key: IDEMPOTENCY_KEY },
    says: {
      ...FACTS,
      'error-codes': Type.Array(Type.String(), { description: 'Empty on success.' }),
      action: Type.String(),
      cdata: Type.String(),
    },
  },
}

/**
 * How an address of siteverify is described. Nothing is checked by it: whatever is wrong with a call, a backend hears it in
 * its dialect, from the dialect.
 */
export function schemasOf(paths: readonly string[], path: string) {
  const { summary, description, takes, says } =
    DESCRIBED[path] ?? DESCRIBED[paths.find((one) => one in DESCRIBED)!]!
  const answer = Type.Object(says)
  const common = {
    summary,
    tags: ['backend'],
    response: {
      200: answer,
      400: { description: 'The call could not be read.', ...answer },
      429: { description: 'Too many unknown secrets from one network.', ...answer },
      503: { description: 'The service is at fault: this is never a yes.', ...answer },
    },
  }
  return {
    get: {
      ...common,
      description: `${description} All of it in the query string, which ends up in logs: POST does better.`,
      querystring: Type.Object(takes),
    } satisfies FastifySchema,
    post: {
      ...common,
      description: `${description} Multipart is understood too.`,
      consumes: ['application/x-www-form-urlencoded', 'application/json'],
      body: Type.Object(takes, {
        examples: [{ secret: 'oc-test-secret-pass', response: 'TOKEN' }],
      }),
    } satisfies FastifySchema & { consumes: string[] },
  }
}
