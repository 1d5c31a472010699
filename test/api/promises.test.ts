import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { newSecret, type SecretSort } from '../../src/keys.ts'
import { SECRETS } from '../../src/privacy/secrets.ts'
import { PROMISES, STATED } from '../../src/promises.ts'
import { systemRandom } from '../../src/random.ts'
import { startService, type TestService } from '../support/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startService({ ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org' })
})
afterAll(() => service?.stop())

const text = async (path: string) => {
  const html = await (await fetch(service.url + path)).text()
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}

describe('the page of promises', () => {
  it('has each clause with what is done about it and every test by its name', async () => {
    const page = await text('/promises')
    for (const { title, says, proofs } of PROMISES) {
      for (const words of [
        title,
        says,
        ...proofs.flatMap(({ test }) => test.split(/\$\{.*?\}|%s/)),
      ])
        assert.ok(page.includes(words), words)
    }
    assert.equal(page.split('no software can keep it').length - 1, STATED.size)
  })

  it('costs who asks again nothing but a head', async () => {
    const first = await fetch(`${service.url}/promises`)
    const headers = { 'if-none-match': first.headers.get('etag')! }
    const again = await fetch(`${service.url}/promises`, { headers })
    assert.deepEqual([again.status, await again.text()], [304, ''])
  })

  it('says the same to machines', async () => {
    const { promises } = await (await fetch(`${service.url}/promises.json`)).json()
    assert.deepEqual(
      promises,
      PROMISES.map((one) => ({ ...one, stated: STATED.has(one.clause) })),
    )
  })
})

describe('the page about secrets', () => {
  it('says of each how it begins and how it is kept, and where to report one', async () => {
    const page = await text('/confidentiality')
    for (const { what, prefix, ends } of SECRETS)
      for (const words of [what, prefix, ends]) assert.ok(page.includes(words), words)
    assert.ok(page.includes('https://captcha.example.org/v1/secrets/report'))
  })

  it('has rules by which a scanner finds every sort that is made, and nothing shorter', async () => {
    const file = await (await fetch(`${service.url}/confidentiality/secret-scanning.toml`)).text()
    const page = await text('/confidentiality')
    const rules = [...file.matchAll(/regex = '''(.+)'''/g)].map(([, rule]) => new RegExp(rule!))
    const shown = page.match(/\\boc\w+_\[0-9A-Za-z\]\{49\}\\b/g)!.map((rule) => new RegExp(rule))
    for (const sort of ['secret', 'apiKey', 'invitation', 'receipt'] satisfies SecretSort[]) {
      const secret = newSecret(systemRandom(), sort)
      for (const found of [rules, shown]) {
        assert.equal(found.filter((rule) => rule.test(`key = "${secret}"`)).length, 1, sort)
        assert.ok(found.every((rule) => !rule.test(secret.slice(0, -1))))
      }
    }
  })
})

describe('the page about ends', () => {
  it('says what goes with an account, and of what stays for how long', async () => {
    const page = await text('/termination')
    for (const words of ['webhooks', 'passkeys', 'Acceptances of the Terms', 'The log of changes'])
      assert.ok(page.includes(words), words)
    assert.match(page, /With the account go: memberships, passkeys, recovery codes/)
    assert.match(page, /The account’s number .* nobody gets that number again/)
  })
})
