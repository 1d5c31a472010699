import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

interface Request {
  body?: unknown
}

interface Response {
  status(code: number): { json(body: unknown): unknown }
}

export interface ExpressOptions<Q, S> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?:
    | ((finding: Finding, request: Q, response: S, next: (error?: unknown) => void) => unknown)
    | undefined
}

/** Middleware: lets through who passed, and leaves the finding in `request.oneCaptcha`. Comes after the body's parser. */
export function oneCaptcha<Q extends Request = Request, S extends Response = Response>(
  options: ExpressOptions<Q, S>,
) {
  const judge = guard(options)
  return (request: Q, response: S, next: (error?: unknown) => void): void => {
    judge(request.body)
      .then((finding) => {
        Object.assign(request, { oneCaptcha: finding })
        if (finding.passed) return next()
        if (options.onRefused) return options.onRefused(finding, request, response, next)
        return response.status(403).json(refusalOf(finding))
      })
      .catch(next)
  }
}

/** What the middleware found. */
export function findingOf(request: object): Finding | undefined {
  return (request as { oneCaptcha?: Finding }).oneCaptcha
}
