import { HttpException } from '@nestjs/common'
import { type Finding, type GuardOptions, guard, refusalOf } from './guard.ts'

export type { Finding } from './guard.ts'

export interface NestOptions extends GuardOptions {
  /** Makes what is thrown for who does not pass. */
  onRefused?: ((finding: Finding) => Error) | undefined
}

/** What is needed of Nest's `ExecutionContext`. */
interface Execution {
  switchToHttp(): { getRequest<T>(): T }
}

/** A guard: `@UseGuards(oneCaptcha({ … }))`. The finding is then in `request.oneCaptcha`. */
export function oneCaptcha(options: NestOptions) {
  const judge = guard(options)
  return {
    async canActivate(execution: Execution): Promise<boolean> {
      const request = execution
        .switchToHttp()
        .getRequest<{ body?: unknown; oneCaptcha?: Finding }>()
      const finding = await judge(request.body)
      request.oneCaptcha = finding
      if (finding.passed) return true
      throw options.onRefused?.(finding) ?? new HttpException(refusalOf(finding), 403)
    },
  }
}

/** What the guard found. */
export function findingOf(request: object): Finding | undefined {
  return (request as { oneCaptcha?: Finding }).oneCaptcha
}
