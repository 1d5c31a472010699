import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'
import { type WebOptions, webGuard } from './web.ts'

export type { Finding } from './guard.ts'

/** A route handler of the app router that only who passed reaches. The body can be read again. */
export function protectRoute<Q extends Request, C>(
  handler: (request: Q, context: C, finding: Finding) => Response | Promise<Response>,
  options: WebOptions,
): (request: Q, context: C) => Promise<Response> {
  const judge = webGuard(options)
  return async (request, context) => {
    const [finding, answer] = await judge(request)
    return answer ?? handler(request, context, finding)
  }
}

/** For server actions: judges the form that the action was given. */
export function verifyForm(form: FormData, options: GuardOptions): Promise<Finding> {
  return guard(options)(form)
}

interface ApiRequest {
  body?: unknown
}

interface ApiResponse {
  status(code: number): { json(body: unknown): unknown }
}

export interface ApiOptions<Q, S> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, request: Q, response: S) => unknown) | undefined
}

/** An API route of the pages router that only who passed reaches. */
export function protectApi<Q extends ApiRequest, S extends ApiResponse>(
  handler: (request: Q, response: S, finding: Finding) => unknown,
  options: ApiOptions<Q, S>,
): (request: Q, response: S) => Promise<unknown> {
  const judge = guard(options)
  return async (request, response) => {
    const finding = await judge(request.body)
    if (finding.passed) return handler(request, response, finding)
    if (options.onRefused) return options.onRefused(finding, request, response)
    return response.status(403).json(refusalOf(finding))
  }
}
