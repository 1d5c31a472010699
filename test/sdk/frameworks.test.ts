import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { type Home, openHome } from './home.ts'
import { openSdkStage, type SdkStage } from './stage.ts'
import { EXAMPLES } from './visit.ts'

const FIELD = 'one-captcha-response'

let stage: SdkStage
let home: Home
beforeAll(async () => {
  stage = await openSdkStage()
  home = openHome()
})
afterAll(async () => {
  home?.remove()
  await stage?.stop()
})

const environment = () => ({
  ONE_CAPTCHA_SERVICE: stage.service.url,
  ONE_CAPTCHA_SITEKEY: stage.sitekey,
  ONE_CAPTCHA_SECRET: stage.options.secret,
})

async function join(url: string, fields: Record<string, string>, json = false) {
  const response = await fetch(`${url}/join`, {
    method: 'POST',
    ...(json && { headers: { 'content-type': 'application/json' } }),
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields),
  })
  const body = await response.text()
  return { status: response.status, body: body.startsWith('{') ? JSON.parse(body) : body }
}

for (const example of EXAMPLES.servers) {
  describe(`with ${example}`, () => {
    it('lets a visitor in once, and nobody else', async () => {
      const { url, stop } = await home.run(`${example}/server.js`, environment())
      const page = await (await fetch(url)).text()
      assert.ok(page.includes(`<one-captcha sitekey="${stage.sitekey}" action="join" required>`))

      const token = await stage.token({ action: 'join' })
      for (const json of example === 'node' ? [false] : [false, true]) {
        const good = await stage.token({ action: 'join' })
        const welcome = await join(url, { who: 'Ada', [FIELD]: good }, json)
        assert.deepEqual(welcome.body, { welcome: 'Ada' })
        assert.ok(welcome.status < 300)
      }
      assert.ok((await join(url, { who: 'Ada', [FIELD]: token })).status < 300)
      for (const [fields, reason] of [
        [{ [FIELD]: token }, 'token-spent'],
        [{ [FIELD]: 'x' }, 'token-invalid'],
        [{}, 'token-missing'],
        [{ [FIELD]: await stage.token({ action: 'login' }) }, 'action-mismatch'],
      ] as const) {
        const refused = await join(url, fields)
        assert.equal(refused.status, 403)
        assert.equal(refused.body.reason, reason)
      }
      stop()
    })

    it('lets nobody in while the service is away', async () => {
      const away = `http://127.0.0.1:${await freePort()}`
      const { url, stop } = await home.run(`${example}/server.js`, {
        ...environment(),
        ONE_CAPTCHA_SERVICE: away,
      })
      const refused = await join(url, { [FIELD]: 'x' })
      assert.equal(refused.status, 403)
      assert.equal(refused.body.reason, 'network-error')
      stop()
    })
  })
}
