import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { addSite, ROOT_KEY } from '../support/program.ts'
import { startService, type TestService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { type Block, blocksOf, documents, placeOf, textOf } from './blocks.ts'
import { type Delivery, deliveriesOf } from './deliveries.ts'
import { runHandler } from './modules.ts'
import { type Place, sharedPlace } from './place.ts'
import { openSession, type Session } from './session.ts'
import { runHaproxy, runRedis, runYaml } from './settings.ts'
import { assertFits, assertShown, patternOf } from './shapes.ts'
import { visitHtml, visitProgram, visitScript, visitUnder } from './visit.ts'
import { runWire } from './wire.ts'

/** Documents whose blocks are run elsewhere: the file, and its test that fails where a block is not among those. */
const ELSEWHERE: Record<string, [file: string, test: string]> = {
  'docs/adding-a-kind.md': ['test/toy-kind.test.ts', 'is asked, shown and judged like those'],
  'docs/backends.md': ['test/api/languages.test.ts', 'shows what the console shows, and a host'],
  'docs/sdk.md': ['test/sdk/docs.test.ts', 'is tried, every block of it'],
}

let service: TestService
let browser: TestBrowser
let place: Place
let postgres: TestPostgres | undefined

beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_PAINTERS: '1', ONE_CAPTCHA_WEBHOOKS_PRIVATE: 'on' })
  browser = await openBrowser()
  place = await sharedPlace(service)
  await until(() => service.context.painter.ready() > 3, 'pictures are painted')
})
afterAll(async () => {
  await browser?.close()
  await postgres?.close()
  await service?.stop()
})

for (const file of documents().filter((one) => !(one in ELSEWHERE))) {
  const blocks = blocksOf(file)
  if (blocks.length === 0) continue
  describe(file, () => {
    let session: Session
    beforeAll(() => {
      session = openSession(place)
    })
    afterAll(() => session.close())

    for (const [i, block] of blocks.entries()) {
      it(`is right at ${placeOf(block)}`, async () => {
        const run = rules[block.language]
        if (!run) {
          const known = Object.keys(rules).join(', ')
          assert.fail(`${placeOf(block)}: no rule runs “${block.language}”, only ${known}.`)
        }
        await run(block, session, blocks[i - 1])
      })
    }
  })
}

describe('blocks that are run elsewhere', () => {
  for (const [file, [test, name]] of Object.entries(ELSEWHERE)) {
    it(`are those of ${file}`, () => {
      const code = textOf(test)
      assert.ok(code.includes(file), `${test} does not read ${file}`)
      assert.ok(code.includes(`it('${name}`), `${test} does not say that it “${name}”`)
    })
  }
})

type Rule = (block: Block, session: Session, before: Block | undefined) => Promise<unknown>

/** What was printed by the commands before. */
let printed = ''

/** How a block of each language is run. A language that is not here is none for a document. */
const rules: Record<string, Rule> = {
  async sh(block, session) {
    const settings = /\bone-captcha (import|restore)\b/.test(block.text)
      ? await elsewhere(block, session)
      : {}
    const had = session.programs.length
    printed = await session.shell(block, settings)
    for (const url of session.programs.slice(had)) await visitProgram(url, session, browser)
  },

  html: (block, session) => visitHtml(block, session, browser),

  /** What is different in a file: what comes of it is run. */
  async diff(block, session, before) {
    const lines = block.text.split('\n')
    assert.ok(
      lines.some((line) => line.startsWith('-')),
      `${placeOf(block)} takes nothing away`,
    )
    const after = lines.filter((line) => !line.startsWith('-')).map((line) => line.slice(1))
    const run = rules[block.about]
    assert.ok(run, `${placeOf(block)} does not say which language it is: diff html, diff sh, …`)
    await run(
      { ...block, language: block.about, about: '', text: after.join('\n') },
      session,
      before,
    )
  },

  async js(block, session) {
    if (/\.m?js$/.test(block.about)) {
      return session.write(block.about, await session.fill(block.text))
    }
    // What speaks of a page is a page's script, and all else a backend's.
    if (/\b(oneCaptcha\.|document\b|window\b)/.test(block.text)) {
      return visitScript(block, session, browser)
    }
    await runHandler(block, session, delivery)
  },

  async json(block, session, before) {
    if (/[A-Z]+ \//.test(block.about)) return runWire(block, session.place)
    if (block.about !== '') return assertQuoted(block)
    const shown = JSON.parse(block.text)
    if (shown.type && shown.data)
      return assertFits(shown, await eventOf(shown.type), placeOf(block))
    assert.equal(before?.language, 'sh', `${placeOf(block)} follows nothing that prints JSON`)
    assertShown(block.text, printed, placeOf(block))
  },

  async http(block, session) {
    const policy = /^Content-Security-Policy: ([\s\S]+)$/.exec(block.text)?.[1]
    if (policy) return visitUnder(policy.replaceAll(/\s*\n\s*/g, ' '), block, session, browser)
    if (/^https:\/\/\S+$/.test(block.text)) {
      const { sitekey } = await session.place.addSite('checkbox')
      const url = block.text.replaceAll('ock_…', sitekey).replaceAll('…', 'x')
      const { status } = await fetch(await session.fill(url))
      return assert.ok(status < 400, `${placeOf(block)} is answered with ${status}`)
    }
    const { headers } = await fetch(`${session.place.url}/v1/siteverify`, { method: 'POST' })
    for (const line of block.text.split('\n')) {
      const [name, value] = line.split(/: (.*)/)
      assertShown(value!.replace(/\d+$/, '…'), headers.get(name!) ?? '', placeOf(block))
    }
  },

  haproxy: runHaproxy,
  redis: runRedis,
  yaml: runYaml,

  /** What nobody can run: drawings, and sentences. */
  async text(block) {
    const runs = /^\s*(curl|npm|npx|one-captcha|docker) |<script|captcha\.example\.org/m
    assert.ok(!runs.test(block.text), `${placeOf(block)} can be run: name its language`)
  },
}

/** `…` in an excerpt stands for what was left out of the file. */
function assertQuoted({ about, text: shown, ...block }: Block) {
  const bare = (text: string) => text.replaceAll(/\s+/g, '')
  assert.ok(
    patternOf(bare(shown)).test(bare(textOf(about))),
    `${placeOf({ ...block, about, text: shown })} is not in ${about}`,
  )
}

/** What an operator moves to is a place of its own: an empty database, or an empty folder with the root key. */
async function elsewhere({ text }: Block, { home }: Session): Promise<Record<string, string>> {
  if (text.includes('one-captcha restore')) {
    const folder = join(home, 'restored')
    mkdirSync(folder, { mode: 0o700 })
    copyFileSync(join(service.data, 'root.key'), join(folder, 'root.key'))
    return { ONE_CAPTCHA_DATA: folder }
  }
  await addSite(join(home, 'data'), ['example.org'], 'checkbox')
  postgres ??= await startPostgres()
  return {
    ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
    ONE_CAPTCHA_DATABASE_URL: await postgres.database(),
  }
}

let deliveries: Promise<Delivery[]> | undefined
const arrived = () => {
  deliveries ??= deliveriesOf(service)
  return deliveries
}
const delivery = async () => (await arrived())[0]!

async function eventOf(type: string): Promise<unknown> {
  const events = (await arrived()).map(({ body }) => JSON.parse(body))
  return events.find((event) => event.type === type) ?? `no event ${type} was sent`
}
