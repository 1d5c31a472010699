import { type Finding, fieldsOf, type GuardOptions, guard, refusalOf } from './guard.ts'

/** Options where requests and replies are the web's own. */
export interface WebOptions extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, request: Request) => Response | Promise<Response>) | undefined
}

/** Judges a web `Request`; null for the finding's answer if it passed. The body stays unread. */
export function webGuard(options: WebOptions) {
  const judge = guard(options)
  return async (request: Request): Promise<[finding: Finding, answer: Response | null]> => {
    const finding = await judge(await fieldsOf(request))
    if (finding.passed) return [finding, null]
    if (options.onRefused) return [finding, await options.onRefused(finding, request)]
    return [finding, Response.json(refusalOf(finding), { status: 403 })]
  }
}
