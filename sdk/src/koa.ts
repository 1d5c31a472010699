import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

interface Context {
  request: object
  // biome-ignore lint/suspicious/noExplicitAny: as Koa has it
  state: any
  status: number
  body: unknown
}

export interface KoaOptions<C> extends GuardOptions {
  /** Answers who does not pass. */
  onRefused?: ((finding: Finding, context: C) => unknown) | undefined
}

/** Middleware: lets through who passed, and leaves the finding in `ctx.state.oneCaptcha`. Comes after the body's parser. */
export function oneCaptcha<C extends Context = Context>(options: KoaOptions<C>) {
  const judge = guard(options)
  return async (context: C, next: () => Promise<unknown>): Promise<void> => {
    const finding = await judge((context.request as { body?: unknown }).body)
    context.state.oneCaptcha = finding
    if (finding.passed) {
      await next()
    } else if (options.onRefused) {
      await options.onRefused(finding, context)
    } else {
      context.status = 403
      context.body = refusalOf(finding)
    }
  }
}
