/** The Terms' part of `npm run screenshots`: a service with a version in force and one that is announced. */
import type { Browser, BrowserContextOptions } from '@playwright/test'
import { announceTerms, revised } from './support/versions.ts'

const DAY_MS = 86_400_000
const DESKTOP = { viewport: { width: 1080, height: 800 }, deviceScaleFactor: 1.5 } as const
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 } as const

/** Takes a picture of the Terms, and of what is different between two versions. */
export async function takeTermsPictures(
  browser: Browser,
  save: (name: string, bytes: Buffer) => Promise<unknown>,
): Promise<void> {
  // Not before the loader for pages is there.
  const { startService } = await import('./support/service.ts')
  let nowMs = Date.UTC(2026, 2, 1, 9)
  const service = await startService(
    {
      ...{ ONE_CAPTCHA_OPERATOR: 'Harbour Library', ONE_CAPTCHA_CONTACT: 'legal@harbour.example' },
      ...{ ONE_CAPTCHA_JURISDICTION: 'Portugal', ONE_CAPTCHA_PAINTERS: '1' },
    },
    { now: () => nowMs },
  )
  try {
    const { texts } = (await service.context.terms.version(0))!
    const [en, zh] = texts.map(({ lang, text }) => ({ lang, text }))
    await announceTerms(service, { texts: [en!, zh!] })
    nowMs += 30 * DAY_MS
    await announceTerms(
      service,
      {
        texts: [{ lang: 'en', text: revised(en!.text) }, zh!],
        summary: 'We say what the service costs (nothing), and what we do so that it is there.',
      },
      20 * DAY_MS,
    )
    await shoot('terms', '/terms', DESKTOP)
    await shoot('terms-phone', '/terms', PHONE)
    await shoot('terms-difference', '/terms/diff/1..2', DESKTOP, true)
  } finally {
    await service.stop()
  }

  async function shoot(name: string, path: string, options: BrowserContextOptions, full = false) {
    const context = await browser.newContext({
      ...{ locale: 'en-US', reducedMotion: 'reduce', colorScheme: 'light' },
      ...options,
    })
    const page = await context.newPage()
    await page.goto(service.url + path)
    await save(name, await page.screenshot({ fullPage: full }))
    await context.close()
  }
}
