import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as guidepup from '@guidepup/virtual-screen-reader'
import type { Page } from '@playwright/test'
import { build } from 'esbuild'
import { afterAll, assert, beforeAll, describe, it } from 'vitest'
import { form, type Site } from './site.ts'
import { openStage, type Stage } from './stage.ts'

/** IBM's Equal Access rules, as a script. */
const RULES = readFileSync(
  createRequire(import.meta.url).resolve('accessibility-checker-engine/ace.js'),
  'utf8',
)

/** A screen reader that reads a page's tree in the order of the page, as a script. */
const READER = build({
  stdin: {
    contents: "export * from '@guidepup/virtual-screen-reader'",
    resolveDir: import.meta.dirname,
  },
  ...({ bundle: true, write: false, format: 'iife', globalName: 'guidepup' } as const),
}).then(({ outputFiles }) => outputFiles[0]!.text)

let stage: Stage
let site: Site
beforeAll(async () => {
  stage = await openStage()
  site = stage.sites.puzzle
})
afterAll(() => stage?.close())

interface Complaint {
  ruleId: string
  /** How bad it is; and whether it is sure, or for a person to look at. */
  value: ['VIOLATION' | 'RECOMMENDATION', 'PASS' | 'FAIL' | 'POTENTIAL' | 'MANUAL']
  message: string
  snippet: string
}

/** What surely violates WCAG 2.2, by those rules. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`${RULES};globalThis.ace = ace`)
  const found = await page.evaluate(async () => {
    interface Checker {
      check(node: Document, rulesets: string[]): Promise<{ results: Complaint[] }>
    }
    const { ace } = globalThis as unknown as { ace: { Checker: new () => Checker } }
    const { results } = await new ace.Checker().check(document, ['WCAG_2_2'])
    return results.map(({ ruleId, value, message, snippet }) => ({
      ...{ ruleId, value, message, snippet },
    }))
  })
  assert.isAbove(found.length, 20, 'the rules looked at something')
  return found
    .filter(({ value: [level, sure] }) => level === 'VIOLATION' && sure === 'FAIL')
    .map(({ ruleId, message, snippet }) => `${ruleId}: ${message} ${snippet}`)
}

/** All that is read aloud of the widget, from its beginning to its end. */
async function readAloud(page: Page): Promise<string[]> {
  await page.evaluate(`${await READER};globalThis.guidepup = guidepup`)
  return page.evaluate(async () => {
    const { virtual } = (globalThis as unknown as { guidepup: typeof guidepup }).guidepup
    const container = document.querySelector('one-captcha')!.shadowRoot!.firstElementChild
    await virtual.start({ container: container as Node })
    const said = [await virtual.lastSpokenPhrase()]
    for (;;) {
      await virtual.next()
      const phrase = await virtual.lastSpokenPhrase()
      // It goes round.
      if (phrase === said[0] || said.length > 100) break
      said.push(phrase)
    }
    await virtual.stop()
    return said
  })
}

const BOX = [
  'I am human',
  'status',
  'alert',
  'One Captcha',
  'link, Privacy',
  'link, Terms',
] as const

describe('a second opinion', () => {
  it('finds nothing to object to in the widget, in any state', async () => {
    const person = await stage.visit(site.page(form(site.sitekey)))
    const { page } = person
    await person.box.waitFor()
    assert.deepEqual(await violations(page), [])
    await person.tick()
    const gap = await person.puzzle()
    assert.deepEqual(await violations(page), [])
    await person.slider.focus()
    await person.press(gap > 150 ? gap - 60 : gap + 60)
    await person.check.press('Enter')
    const next = await person.puzzle()
    assert.deepEqual(await violations(page), [])
    await person.slider.focus()
    await person.press(next)
    await person.check.press('Enter')
    await person.sees('success')
    assert.deepEqual(await violations(page), [])
  })

  it.each(['panel="overlay"', 'panel="inline"', 'appearance="floating"'])(
    'finds nothing to object to in a widget with %s',
    async (attributes) => {
      const person = await stage.visit(site.page(form(site.sitekey, attributes)))
      const { page } = person
      await person.widget.locator('.root').waitFor({ state: 'attached' })
      assert.deepEqual(await violations(page), [])
      if (attributes.includes('floating')) await page.getByRole('button', { name: 'Join' }).click()
      else await person.tick()
      await person.puzzle()
      assert.deepEqual(await violations(page), [])
    },
  )

  it.each([
    ...['/', '/demo', '/privacy', '/terms', '/status', '/feedback', '/console/sign-in'],
    ...['/docs', '/docs/embedding', '/docs/api'],
  ])('finds nothing to object to in %s', async (path) => {
    const { page } = await stage.visit(stage.service.url + path)
    assert.deepEqual(await violations(page), [])
  })

  it('finds nothing to object to in the frame for browsers without JavaScript', async () => {
    const { page } = await stage.visit(site.page('<p>Nothing.</p>'))
    const url = `${stage.service.url}/v1/noscript?sitekey=oc-test-interactive`
    await page.goto(url, { referer: `${site.origin}/` })
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'I am human' }).click()
    await page.getByRole('heading', { name: 'Press where this piece belongs' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'Skip puzzle and wait', exact: true }).click()
    await page.getByText('You can go on now.').waitFor()
    assert.deepEqual(await violations(page), [])
  })

  it('would object to a picture without a name', async () => {
    const { page } = await stage.visit(`${stage.service.url}/terms`)
    await page.evaluate(() => {
      const picture = document.createElement('img')
      picture.src = '/favicon.ico'
      document.querySelector('main')!.append(picture)
    })
    assert.include((await violations(page)).join('\n'), 'img_alt_valid')
  })
})

describe('what is read aloud', () => {
  it('of the box, the puzzle and the end is all that somebody needs who sees nothing', async () => {
    const person = await stage.visit(site.page(form(site.sitekey)))
    const { page } = person
    await person.box.waitFor()
    assert.deepEqual(await readAloud(page), ['checkbox, I am human, not checked', ...BOX])

    await person.tick()
    const gap = await person.puzzle()
    const max = await person.slider.getAttribute('max')
    assert.deepEqual((await readAloud(page)).slice(1 + BOX.length), [
      'dialog, Slide the piece into its gap',
      'heading, Slide the piece into its gap, level 2',
      'alert',
      'Find the gap where it completes the picture.',
      'end of alert',
      'image, This is a captcha. The picture has a gap, and a piece to move into it. If you cannot see it, choose “Skip puzzle and wait” below.',
      `slider, Position of the piece, orientated horizontally, max value ${max}, min value 0, current value Piece at 0 of ${max}`,
      'button, 10 to the left',
      'button, 1 to the left',
      'button, Check',
      'button, 1 to the right',
      'button, 10 to the right',
      'button, New picture',
      'button, Skip puzzle and wait',
      'button, Help, not expanded',
      'button, Close',
      'end of dialog, Slide the piece into its gap',
    ])

    await person.slider.focus()
    await person.press(gap)
    await person.check.press('Enter')
    await person.sees('success')
    const [box, label, status, thanks] = await readAloud(page)
    // This reader knows the attribute `checked`, which no tick changes; what Chromium tells of it is in operable.test.ts.
    assert.match(box!, /^checkbox, I am human, Thank you, all done\./)
    assert.deepEqual([label, status, thanks], ['I am human', 'status', 'Thank you, all done.'])
  })
})
