import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

interface Request {
  body?: unknown
}

interface Reply {
  code(status: number): { send(body: unknown): unknown }
}

export interface FastifyOptions<Q, R> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, request: Q, reply: R) => unknown) | undefined
}

/** A `preHandler` hook, for one route or for many: the finding is then in `request.oneCaptcha`. */
export function oneCaptcha<Q extends Request = Request, R extends Reply = Reply>(
  options: FastifyOptions<Q, R>,
) {
  const judge = guard(options)
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's hooks have nine type parameters, all in question here
  return async (request: any, reply: any): Promise<unknown> => {
    const finding = await judge(request.body)
    Object.assign(request, { oneCaptcha: finding })
    if (finding.passed) return undefined
    if (options.onRefused) await options.onRefused(finding, request, reply)
    else reply.code(403).send(refusalOf(finding))
    // Tells Fastify that the answer was given here.
    return reply
  }
}

/** What the hook found. */
export function findingOf(request: object): Finding | undefined {
  return (request as { oneCaptcha?: Finding }).oneCaptcha
}
