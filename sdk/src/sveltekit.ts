import { type Finding, fieldsOf, type GuardOptions, guard } from './guard.ts'
import { type WebOptions, webGuard } from './web.ts'

export type { Finding } from './guard.ts'

interface Event {
  request: Request
}

/** For form actions: judges the form, which the action can read again. */
export async function verifyEvent(event: Event, options: GuardOptions): Promise<Finding> {
  return guard(options)(await fieldsOf(event.request))
}

/** A handler in `+server.ts` that only who passed reaches. The body can be read again. */
export function protect<E extends Event>(
  handler: (event: E, finding: Finding) => Response | Promise<Response>,
  options: WebOptions,
): (event: E) => Promise<Response> {
  const judge = webGuard(options)
  return async (event) => {
    const [finding, answer] = await judge(event.request)
    return answer ?? handler(event, finding)
  }
}
