import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LANGUAGES, lookup } from '../../src/widget/language.ts'
import { en } from '../../src/widget/words/en.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** What the widget says, as the page under test is told it: it looks up nothing in ours. */
const SPOKEN = LANGUAGES.map((language) => ({ language, words: wordsOf(language) }))

function wordsOf(language: string): Record<string, string> {
  if (language === 'en') return { ...en }
  const path = join(import.meta.dirname, `../../src/widget/words/${language}.json`)
  return JSON.parse(readFileSync(path, 'utf8')).words
}

/** The font of the tests is a tenth wider than those of phones and desktops; smaller by that, it is as wide as they are. */
const FONT = `<style>
  @font-face { font-family: usual; src: local("DejaVu Sans"); size-adjust: 90% }
  @font-face { font-family: usual; src: local("DejaVu Sans Bold"); font-weight: 600; size-adjust: 90% }
  one-captcha { --one-captcha-font: usual, sans-serif }
</style>`

it('has room at 300 pixels for all it says, and at 150 in the compact box, in every language', async () => {
  // The puzzle at once, and the same one for all: what is looked at are its words.
  const picture = { create: { width: 320, height: 160, channels: 3, background: '#89a' } } as const
  const webp = (await sharp(picture).webp().toBuffer()).toString('base64')
  const prompt = { scene: webp, piece: webp, width: 320, height: 160, pieceWidth: 48, y: 40 }
  const challenge = {
    challenge: 'sealed',
    tasks: [{ kind: 'slider', prompt }],
    expiresInMs: 600_000,
    mode: 'puzzle',
  }
  const { sitekey, page: at } = stage.sites.puzzle
  const { page } = await stage.visit(
    at('<div id="place"></div>', { head: FONT }),
    { viewport: { width: 316, height: 900 }, reducedMotion: 'reduce' },
    (page) => page.route('**/v1/challenges', (route) => route.fulfill({ json: challenge })),
  )
  await page.waitForFunction(() => customElements.get('one-captcha'))

  const seen = await page.evaluate(measure, { sitekey, spoken: SPOKEN })
  expect(seen.flatMap(({ faults }) => faults)).toEqual([])
  for (const { language, lang, dir, sliderDir } of seen) {
    expect(lang).toBe(language)
    const script = new Intl.Locale(language).maximize().script!
    expect(dir, language).toBe(['Arab', 'Hebr'].includes(script) ? 'rtl' : 'ltr')
    expect(sliderDir, language).toBe('ltr')
  }
})

it('knows languages by other names of theirs, in a browser as in our own tests', async () => {
  const tags = ['iw', 'no', 'in', 'tl', 'zh-TW', 'pt-AO', 'sr-ME', 'pa-PK']
  const known = ['he', 'nb', 'id', 'fil', 'zh-Hant', 'pt-PT', 'sr-Latn', 'en']
  expect(tags.map((tag) => lookup([tag]))).toEqual(known)
  const { sitekey, page } = stage.sites.puzzle
  const widgets = tags.map(
    (tag) => `<one-captcha sitekey="${sitekey}" lang="${tag}"></one-captcha>`,
  )
  const person = await stage.visit(page(widgets.join('')))
  await person.box.waitFor()
  for (const [i, language] of known.entries()) {
    const root = person.page.locator('one-captcha').nth(i).locator('.root')
    expect(await root.getAttribute('lang'), tags[i]).toBe(language)
  }
})

it('asks at once for what tells languages apart where somebody may need it, and only there', async () => {
  const { sitekey, page } = stage.sites.puzzle
  const body = `<one-captcha sitekey="${sitekey}"></one-captcha>`
  const open = async (html: string, locale: string) => {
    const asked: string[] = []
    let go = () => {}
    const known = new Promise<void>((resolve) => {
      go = resolve
    })
    const person = await stage.visit(page(body, { html }), { locale }, async (fresh) => {
      fresh.on('request', (request) => {
        const name = request.url().split('/').pop()!
        if (/^(\w+-)?(language|widget)\.js/.test(name)) asked.push(name.replace(/#.*/, ''))
        if (name === 'language.js') go()
      })
      // It does not come before the other was asked for.
      if (!html.includes('en'))
        await fresh.route('**/v1/parts/*/widget.js', async (route) => {
          await known
          await route.continue()
        })
    })
    await person.box.waitFor()
    const language = await person.widget.locator('.root').getAttribute('lang')
    return { language, asked: asked.sort() }
  }
  const german = ['de-widget.js', 'language.js', 'widget.js', 'widget.js']
  expect(await open('', 'de-AT')).toEqual({ language: 'de', asked: german })
  expect(await open('lang="de"', 'en-US')).toEqual({ language: 'de', asked: german })
  const english = ['widget.js', 'widget.js']
  expect(await open('lang="en-GB"', 'de-AT')).toEqual({ language: 'en', asked: english })
})

interface Spoken {
  language: string
  words: Record<string, string>
}

/** Runs in the page: shows each language in a widget, box and panel, with every sentence in its place, and looks. */
async function measure({ sitekey, spoken }: { sitekey: string; spoken: Spoken[] }) {
  const place = document.querySelector('#place')!
  const seen = []
  for (const { language, words } of spoken) {
    const faults: string[] = []
    const compact = await show('compact')
    look(compact.root, '.box', 'compact')
    for (const sentence of inBox()) say(compact.root, '#now [role=alert]', sentence, '.box')
    compact.element.remove()

    const { element, root } = await show('normal')
    // Only where there is half the room may a word be broken.
    const whole = new CSSStyleSheet()
    whole.replaceSync('.root { overflow-wrap: normal }')
    root.adoptedStyleSheets.push(whole)
    look(root, '.box', 'idle')
    const { height } = root.querySelector('.box')!.getBoundingClientRect()
    if (height > 90) faults.push(`${language}: the box is ${height} px high`)
    for (const sentence of inBox()) say(root, '#now [role=alert]', sentence, '.box')
    const opened = new Promise((resolve) => element.addEventListener('open', resolve))
    root.querySelector('input')!.click()
    await opened
    root.querySelector<HTMLElement>('#help')!.hidden = false
    look(root, '.panel', 'puzzle')
    const sliderDir = getComputedStyle(root.querySelector('.slider')!).direction
    for (const key of ['off-target', 'machine-like', 'another-wanted', 'patienceHelp'])
      say(root, '.panel > [role=alert]', words[key]!, '.panel')
    say(root, 'h2', words.patienceTask!, '.panel')
    // These have more room where they stand: beside the work.
    for (const key of ['lighter', 'cancel']) say(root, '.tools .plain', words[key]!, '.panel')
    const { lang, dir } = root.querySelector<HTMLElement>('.root')!
    seen.push({ language, lang, dir, sliderDir, faults })
    element.remove()

    function inBox() {
      const until = new Date(2026, 10, 26, 22, 30)
      const time = until.toLocaleString(language, { timeStyle: 'short', dateStyle: 'long' })
      const keys = ['required', 'working', 'checking', 'success', 'expired', 'unreachable']
      const more = ['maintenance', 'busy', 'refused', 'unsupported']
      return [...keys, ...more].map((key) => words[key]!.replace('{}', time))
    }

    function say(root: ShadowRoot, selector: string, sentence: string, inside: string) {
      const node = root.querySelector(selector)!
      const before = node.textContent
      node.textContent = sentence
      look(root, inside, sentence)
      node.textContent = before
    }

    /** Every line of every text is within what it stands in, and nothing is cut off. */
    function look(root: ShadowRoot, selector: string, state: string) {
      const outer = root.querySelector(selector)!
      if (outer.scrollWidth > outer.clientWidth) faults.push(`${language}: ${state}: overflows`)
      const texts = document.createTreeWalker(outer, NodeFilter.SHOW_TEXT)
      while (texts.nextNode()) {
        const text = texts.currentNode
        const parent = text.parentElement!
        const { left, right } = (
          parent.closest('button, .words, .about, h2, p') ?? outer
        ).getBoundingClientRect()
        const range = document.createRange()
        range.selectNodeContents(text)
        for (const line of range.getClientRects())
          if (line.left < left - 0.5 || line.right > right + 0.5)
            faults.push(
              `${language}: ${state}: “${text.textContent}” is ${Math.round(line.width)} px wide, in ${Math.round(right - left)}`,
            )
      }
    }
  }
  return seen

  async function show(size: string) {
    const element = document.createElement('one-captcha')
    for (const [name, value] of Object.entries({
      sitekey,
      size,
      lang: spoken[seen.length]!.language,
      terms: '/terms',
    }))
      element.setAttribute(name, value)
    const ready = new Promise((resolve) => element.addEventListener('ready', resolve))
    place.append(element)
    await ready
    return { element, root: element.shadowRoot! }
  }
}
