import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

/** What is needed of Hono's context, whichever version it is of. */
interface Context {
  req: {
    raw: { signal?: AbortSignal }
    header(name: string): string | undefined
    json(): Promise<unknown>
    formData(): Promise<FormData>
  }
  set(key: 'oneCaptcha', value: Finding): void
  json(body: object, status: 403): Response
}

export interface HonoOptions<C> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, context: C) => Response | Promise<Response>) | undefined
}

/** The type of the variable: `new Hono<{ Variables: OneCaptchaVariables }>()`. */
export interface OneCaptchaVariables {
  oneCaptcha: Finding
}

/** Middleware: lets through who passed. The finding is in `c.get('oneCaptcha')`, and the body can be read again. */
// biome-ignore lint/suspicious/noExplicitAny: Hono's context has three type parameters of its own, all in question here
export function oneCaptcha<C extends Context = any>(options: HonoOptions<C>) {
  const judge = guard(options)
  return async (context: C, next: () => Promise<void>): Promise<Response | undefined> => {
    const finding = await judge(await fieldsOf(context))
    context.set('oneCaptcha', finding)
    if (!finding.passed) {
      if (options.onRefused) return options.onRefused(finding, context)
      return context.json(refusalOf(finding), 403)
    }
    await next()
    return undefined
  }
}

/** Through Hono, which keeps what it has read for whoever reads next. */
async function fieldsOf({ req }: Context): Promise<unknown> {
  const json = /^application\/json\b/i.test(req.header('content-type') ?? '')
  try {
    return await (json ? req.json() : req.formData())
  } catch {
    return null
  }
}
