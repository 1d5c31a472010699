import assert from 'node:assert/strict'
import { afterAll, describe, it } from 'vitest'
import { newWriter, receiptIn } from '../support/feedback.ts'
import {
  type Program,
  removeFolder,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { quickToken } from '../support/visitor.ts'

const KILLS = 2
/** Each of them sends at once. */
const WRITERS = 6

const data = temporaryFolder()
afterAll(() => removeFolder(data))

const start = () =>
  startProgram(data, {
    ONE_CAPTCHA_LOG_LEVEL: 'error',
    ONE_CAPTCHA_TRUSTED_PROXIES: '127.0.0.0/8',
  })

/** The key of the form's own site, as the page shows it. */
async function sitekeyOf({ url }: Program): Promise<string> {
  return /sitekey="(ock_\w+)"/.exec(await (await fetch(`${url}/feedback`)).text())![1]!
}

describe('feedback', () => {
  it('is there after a kill -9 that comes right after its 201, and again after the next', {
    timeout: 120_000,
  }, async () => {
    const receipts = new Map<string, string>()
    for (let kill = 0; kill < KILLS; kill++) {
      const program = await start()
      try {
        const sitekey = await sitekeyOf(program)
        const page = { service: program.url, origin: program.url }
        const facts = { sitekey, host: '127.0.0.1', action: 'feedback' }
        const tokens: string[] = []
        for (let i = 0; i < WRITERS; i++) tokens.push(await quickToken(page, testSeal(), facts))
        let ended: Promise<void> | undefined
        await Promise.all(
          tokens.map(async (token, nth) => {
            const text = `Number ${nth} of round ${kill}.`
            const fields = { kind: 'service', text, 'one-captcha-response': token }
            try {
              // Every other one by the page, every other one by the API.
              const writer = newWriter(program)
              const answer =
                nth % 2 === 0
                  ? await writer.form(fields)
                  : await writer.api({ kind: 'service', text, token })
              if (answer.status !== 201) return
              receipts.set(receiptIn(answer.text), text)
              // The first who hears that it is kept pulls the plug, while others are being answered.
              ended ??= program.kill()
            } catch (error) {
              // A connection that breaks is what this is about: only what was answered counts.
              if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
            }
          }),
        )
        assert.ok(ended, 'somebody was answered')
        await ended
      } finally {
        await program.kill()
      }
    }
    assert.ok(receipts.size >= KILLS)
    const last = await start()
    try {
      for (const [receipt, text] of receipts) {
        const { status, body } = await newWriter(last).api({ receipt }, '/receipt')
        assert.deepEqual([status, body.text, body.state], [200, text, 'new'])
      }
    } finally {
      await last.stop()
    }
  })
})
