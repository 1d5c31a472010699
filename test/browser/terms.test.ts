import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startService, type TestService } from '../support/service.ts'
import { announceTerms, revised } from '../support/versions.ts'
import { isClean, overflow } from './clean.ts'

const DAY_MS = 86_400_000
const PAGES = [
  ...['/terms', '/terms?lang=zh', '/terms/versions', '/terms/versions/0', '/terms/versions/2'],
  ...['/terms/diff/1..2', '/terms/diff/1..2?lang=zh', '/terms/diff/9..10'],
]
/** All that Markdown can be made to do; nothing of it must run, load or reach past its place. */
const HOSTILE = `# <img src=x onerror=alert(1)> Terms

<script>document.title = 'run'</script> ![](https://evil.example/pixel.png)

[script](javascript:document.title='run') [there](https://elsewhere.example/a?b=1)

## 1 A table and a code, wider than a phone

| left | middle | right |
|:-----|:------:|------:|
| ${'w'.repeat(80)} | ${'m'.repeat(80)} | ${'r'.repeat(80)} |

    ${'code '.repeat(60)}

> # Quoted
>
> 3. three

#### 1.1 ${'Long'.repeat(30)}

## constructor

## constructor
`

let service: TestService
let browser: TestBrowser
let nowMs = Date.UTC(2026, 2, 1, 9)

beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_PAINTERS: '1' }, { now: () => nowMs })
  browser = await openBrowser()
  const { texts } = (await service.context.terms.version(0))!
  const [en, zh] = texts.map(({ lang, text }) => ({ lang, text }))
  await announceTerms(service, { texts: [en!, zh!] })
  nowMs += 30 * DAY_MS
  const chinese = { lang: 'zh', text: zh!.text.replace('我们不保证', '我们努力做到，但不保证') }
  await announceTerms(
    service,
    { texts: [{ lang: 'en', text: revised(en!.text) }, chinese], summary: 'It costs nothing.' },
    20 * DAY_MS,
  )
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

async function visit(path: string, options = {}): Promise<Page> {
  const page = await browser.newPage(options)
  await page.goto(service.url + path)
  return page
}

describe.each([
  ['light', { width: 320, height: 640 }],
  ['dark', { width: 1280, height: 800 }],
] as const)('in %s at %o', (colorScheme, viewport) => {
  it.each(PAGES)('the page %s is clean, and asks nobody else', async (path) => {
    const page = await visit(path, { colorScheme, viewport, javaScriptEnabled: true })
    for (const details of await page.locator('summary').all()) await details.click()
    await isClean(page, path)
  })
})

describe('the Terms', () => {
  it('lead to each clause by its number, from the contents and from anywhere', async () => {
    const page = await visit('/terms#4.2')
    const top = (name: string) =>
      page.getByRole('heading', { name }).evaluate((one) => one.getBoundingClientRect().top)
    await expect.poll(() => top('4.2 Interruptions')).toBeLessThan(60)
    await page.getByRole('link', { name: '8 Law and disputes' }).click()
    expect(page.url()).toMatch(/#8$/)
    await expect.poll(() => top('8 Law and disputes')).toBeLessThan(60)
    await page.getByRole('link', { name: '8.3', exact: true }).click()
    expect(page.url()).toMatch(/#8\.3$/)
  })

  it('are read and compared without a script, by keyboard, in either language', async () => {
    const page = await visit('/terms', { javaScriptEnabled: false })
    await page.getByRole('link', { name: '中文' }).click()
    await page.getByRole('heading', { level: 1, name: '使用条款' }).waitFor()
    await page.getByRole('link', { name: '查看差异' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: '版本差异' }).waitFor()
    expect(await page.locator('ins').first().textContent()).toContain('努力做到')
    const folded = page.locator('details').first()
    await folded.locator('summary').focus()
    await page.keyboard.press('Space')
    expect(await folded.getAttribute('open')).not.toBeNull()
  })

  it('read well on paper: the text is there, what leads elsewhere is not', async () => {
    const page = await visit('/terms', { viewport: { width: 700, height: 900 } })
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('heading', { name: '10.3 What nobody can help' }).isVisible()).toBe(
      true,
    )
    for (const gone of ['nav.clause-list', '.proof .links', 'footer.bar', '.skip'])
      expect(await page.locator(gone).isVisible(), gone).toBe(false)
    expect(await overflow(page)).toBeLessThanOrEqual(0)
    expect(await page.locator('.proof code').textContent()).toMatch(/^[0-9a-f]{64}$/)
  })

  it('have a feed that is well-formed, and that readers find', async () => {
    const page = await visit('/terms')
    const [entries, error] = await page.evaluate(async () => {
      const link = document.querySelector('link[type="application/atom+xml"]') as HTMLLinkElement
      const text = await (await fetch(link.href)).text()
      const feed = new DOMParser().parseFromString(text, 'application/xml')
      return [
        feed.getElementsByTagName('entry').length,
        feed.querySelector('parsererror')?.textContent,
      ]
    })
    expect([entries, error]).toEqual([2, undefined])
  })
})

// Last, as it takes the place of what is announced.
describe('whatever an operator writes', () => {
  it('runs nothing, loads nothing, fits a phone, and says which links leave', async () => {
    nowMs += 20 * DAY_MS
    await announceTerms(
      service,
      { texts: [{ lang: 'en', text: HOSTILE }], summary: '<b onclick=alert(1)>x</b>'.repeat(20) },
      20 * DAY_MS,
    )
    for (const path of ['/terms/versions/3', '/terms/diff/2..3', '/terms/versions']) {
      const page = await visit(path, { viewport: { width: 320, height: 640 } })
      for (const details of await page.locator('summary').all()) await details.click()
      await isClean(page, path)
      expect(await page.title()).not.toBe('run')
    }
    const page = await visit('/terms/versions/3')
    const link = page.getByRole('link', { name: 'there (leads to another site)' })
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer external')
    expect(await page.locator('article :is(script, img, [style], [onclick])').count()).toBe(0)
    expect(await page.locator('h1').count()).toBe(1)
  })
})
