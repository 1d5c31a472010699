import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { removeFolder, temporaryFolder } from '../support/program.ts'
import { startService, type TestService } from '../support/service.ts'
import { addTenant, furnish, type Tenant } from '../support/tenants.ts'

const text = readFileSync(new URL('../../docs/management.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1]!)
const folder = temporaryFolder()

let service: TestService
let operator: Tenant
beforeAll(async () => {
  service = await startService()
  operator = await addTenant(service, { role: 'operator' })
})
afterAll(async () => {
  await service.stop()
  removeFolder(folder)
})

/** Runs an example as it is written, in a shell. */
function run(example: string, env: Record<string, string>): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } }
    execFile('bash', ['-euc', example], options, (error, out, err) =>
      resolve({ code: error ? 1 : 0, out: out + err }),
    )
  })
}

describe('docs/management.md', () => {
  it('has examples that work as they are written', async () => {
    assert.ok(examples.length >= 18)
    for (const example of examples) {
      const has = await furnish(service, operator)
      const { revision } = (await service.context.store.sites.row(has.sitekey))!
      const { code, out } = await run(example, {
        ONE_CAPTCHA: service.url,
        KEY: operator.key,
        SITEKEY: has.sitekey,
        ETAG: `"${revision}"`,
        SECRET_ID: has.secretId,
        ACCOUNT_ID: has.memberId,
        FOUND: has.secret,
      })
      assert.equal(code, 0, `${example}\n${out}`)
    }
    const lines = readFileSync(`${folder}/audit.jsonl`, 'utf8').trim().split('\n')
    assert.ok(lines.length > 10)
  })

  it('names every code that the API can answer with', async () => {
    for (const code of [
      ...['field-invalid', 'body-invalid', 'key-invalid', 'forbidden', 'account-suspended'],
      'terms-not-accepted',
      ...['site-suspended', 'not-found', 'last-owner', 'last-secret', 'last-operator'],
      ...['limit-reached', 'revision-outdated', 'too-many-requests', 'store-unavailable'],
    ]) {
      assert.ok(text.includes(`\`${code}\``), code)
    }
  })
})
