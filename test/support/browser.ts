import { type BrowserContextOptions, chromium, type Page, type Request } from '@playwright/test'
import { onTestFinished } from 'vitest'
import { CHROMIUM_ARGS, chromiumPath } from './chromium.ts'

export interface PageOptions extends BrowserContextOptions {
  /** Origins that the page may ask, beside its own. */
  origins?: string[]
  /** Directives of the page's own policy that it is expected to run into, such as `frame-src`. */
  violates?: string[]
}

/** A real browser whose pages watch over what they must never do. */
export interface TestBrowser {
  /**
   * Opens a page in a profile of its own. The test fails if it asks another origin than its own and the named ones, if
   * its content policy is violated, or if an error is thrown in it that nobody catches.
   */
  newPage(options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

/**
 * Starts Chromium.
 *
 * @param without arguments that the tests' tools would add
 */
export async function openBrowser(
  args: string[] = [],
  without: string[] = [],
): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...CHROMIUM_ARGS, ...args],
    ignoreDefaultArgs: without,
  })
  return {
    async newPage({ origins = [], violates = [], ...options } = {}) {
      const context = await browser.newContext({ locale: 'en-US', ...options })
      context.setDefaultTimeout(20_000)
      const faults: string[] = []
      await watch(context, origins, violates, faults)
      onTestFinished(async () => {
        await context.close()
        if (faults.length > 0) throw new Error(`The page must not:\n${faults.join('\n')}`)
      })
      return context.newPage()
    },
    close: () => browser.close(),
  }
}

type Context = Awaited<ReturnType<Awaited<ReturnType<typeof chromium.launch>>['newContext']>>

async function watch(context: Context, origins: string[], violates: string[], faults: string[]) {
  const allowed = new Set(origins)
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    // Where the test itself goes is the page's own origin.
    if (request.isNavigationRequest() && isTop(request)) allowed.add(origin)
    if (protocol.startsWith('http') && allowed.has(origin)) return
    faults.push(`ask ${request.method()} ${request.url()}`)
  })
  context.on('weberror', (error) => {
    faults.push(`throw ${error.error().stack ?? error.error()}`)
  })
  await context.exposeBinding('tellViolation', (_, directive: string, what: string) => {
    if (!violates.includes(directive)) faults.push(`violate ${directive} with ${what}`)
  })
  await context.addInitScript(() => {
    const { tellViolation } = window as unknown as {
      tellViolation(directive: string, what: string): void
    }
    addEventListener('securitypolicyviolation', (event) =>
      tellViolation(event.effectiveDirective, `${event.blockedURI} ${event.sample}`),
    )
  })
}

function isTop(request: Request): boolean {
  try {
    return request.frame().parentFrame() === null
  } catch {
    // A window that is just opening has no frame yet; a frame within one has.
    return true
  }
}
