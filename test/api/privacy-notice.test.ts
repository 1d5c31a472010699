import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { ELSEWHERE, fieldsOf, PURPOSES } from '../../src/store/purposes.ts'
import type { Schema } from '../../src/store/schema.ts'
import { startService, type TestService } from '../support/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startService({
    ONE_CAPTCHA_OPERATOR: '=1+1 <b>Ada & Co</b>',
    ONE_CAPTCHA_CONTACT: 'privacy@example.org',
    ONE_CAPTCHA_FEEDBACK_DAYS: '12',
  })
})
afterAll(() => service?.stop())

describe('the privacy notice', () => {
  it('is a page with all that is kept, made from the schema, with the operator’s name as text', async () => {
    const { url } = service
    const page = await fetch(`${url}/privacy`)
    assert.equal(page.status, 200)
    const html = await page.text()
    const words = html.replace(/<[^>]*>/g, ' ').replaceAll('&amp;', '&')
    for (const table of Object.keys(PURPOSES) as (keyof Schema)[]) {
      assert.ok(words.includes(PURPOSES[table].why), table)
      for (const { what } of fieldsOf(table)) assert.ok(words.includes(what), what)
    }
    for (const { what, why } of ELSEWHERE) assert.ok(words.includes(what) && words.includes(why))
    assert.ok(!html.includes('<b>Ada'))
    assert.ok(html.includes('12 days after it was closed'))
    assert.match(html, /lang="zh"/)
  })

  it('is the same text with the same hash, whoever asks for it by whatever name', async () => {
    const { url } = service
    const hashes = await Promise.all(
      ['127.0.0.1', 'localhost'].map(async (host) => {
        const reply = await fetch(`${url.replace('127.0.0.1', host)}/privacy.md`)
        assert.match(reply.headers.get('content-type')!, /^text\/markdown/)
        return createHash('sha256')
          .update(await reply.text())
          .digest('hex')
      }),
    )
    assert.equal(hashes[0], hashes[1])
  })

  it('comes as a record of processing, for machines and, without formulas, for spreadsheets', async () => {
    const { url } = service
    const record = await (await fetch(`${url}/privacy/record.json`)).json()
    assert.deepEqual(record.controller, {
      name: '=1+1 <b>Ada & Co</b>',
      contact: 'privacy@example.org',
    })
    const names = record.activities.map(({ name }: { name: string }) => name)
    for (const table of Object.keys(PURPOSES)) assert.ok(names.includes(table), table)
    const reply = await fetch(`${url}/privacy/record.csv`)
    assert.match(reply.headers.get('content-disposition')!, /^attachment; filename="[\w-]+\.csv"$/)
    const lines = (await reply.text()).trimEnd().split('\r\n')
    assert.ok(lines.length > 150)
    for (const line of lines.slice(1)) assert.ok(line.startsWith(`"'=1+1 <b>`), line)
    for (const line of lines) assert.doesNotMatch(line, /(^|,)"[=+\-@]/)
  })
})
