import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { startService } from '../support/service.ts'

it('guards its own forms at the address that it has now, and leaves the rest of their sites as operators set it', async () => {
  const data = mkdtempSync(join(tmpdir(), 'one-captcha-guard-'))
  const settings = { ONE_CAPTCHA_DATA: data, ONE_CAPTCHA_PAINTERS: '1' }
  const at = async (host: string) => {
    const service = await startService({ ...settings, ONE_CAPTCHA_PUBLIC_URL: `https://${host}` })
    const { store, guards } = service.context
    const sitekey = await guards.signUp.sitekey()
    const site = (await store.sites.row(sitekey))!
    const again = await guards.signUp.sitekey()
    const { revision } = (await store.sites.row(again))!
    assert.equal(revision, site.revision)
    return { service, store, sitekey, site }
  }
  try {
    const first = await at('old.example.org')
    assert.deepEqual(first.site.hosts, ['127.0.0.1', 'localhost', 'old.example.org'])
    await first.store.sites.set(first.sitekey, { effortFloor: 7 })
    await first.service.stop()
    const second = await at('new.example.org')
    assert.equal(second.sitekey, first.sitekey)
    assert.ok(second.site.hosts.includes('new.example.org'))
    assert.equal(second.site.effortFloor, 7)
    await second.service.stop()
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
})
