import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { testSeal } from '../support/program.ts'
import { ask, HOST, handIn, pass } from '../support/visitor.ts'

const VISITOR = {
  'user-agent': 'Canary-Agent/7.31',
  'x-forwarded-for': '2001:db8:cafe:f00d::77',
  cookie: 'canary-cookie=c00c1e5',
  referer: 'https://example.test/canary-page?who=canary-person',
}
const MARKS = ['canary', '2001:db8:cafe', '2001:0db8:cafe', '198.51.100.77', 'c00c1e5']
/** The address as a binary format would keep it, whole and as the network that is counted. */
const PACKED = ['20010db8cafef00d0000000000000077', '20010db8cafe'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

let nodes: Nodes
beforeAll(async () => {
  nodes = await startNodes(2, { ONE_CAPTCHA_CALM: '5', ONE_CAPTCHA_LOG_LEVEL: 'trace' })
})
afterAll(() => nodes?.close())

describe('a visit to several nodes', () => {
  it('leaves nothing of the visitor in PostgreSQL, in Redis, in any file of theirs, or in any log [2.3]', async () => {
    const { sitekey, secret } = await nodes.addSite([HOST], 'puzzle')
    const tokens: string[] = []
    for (const { url } of nodes.programs) {
      const page = { service: url, headers: VISITOR }
      const token = await pass(page, testSeal(), { sitekey, action: 'canary', cdata: 'canary' })
      tokens.push(token)
      await verify(url, { secret, response: token, remoteip: '198.51.100.77' })
      await verify(url, { secret: 'canary-secret', response: token })
      await ask(page, { sitekey: 'canary-key' })
      await ask({ ...page, origin: 'https://canary.test' }, { sitekey })
      await handIn(page, { challenge: 'canary', replies: [{}] })
      for (let i = 0; i < 30; i++) await ask(page, { sitekey })
      await fetch(`${url}/canary?who=canary`, { headers: VISITOR })
    }
    // All is on disk then, and all that is in memory alone is gone.
    await Promise.all(nodes.programs.map((program) => program.stop()))
    await nodes.redis.kill('SIGTERM')
    await nodes.postgres.stop()
    const folders = [
      nodes.redis.folder,
      nodes.postgres.folder,
      ...nodes.programs.map(({ data }) => data),
    ]
    let files = 0
    for (const file of folders.flatMap(filesIn)) {
      files++
      assertUnmarked(file, readFileSync(file), tokens)
    }
    assert.ok(files > 100, `${files} files were read`)
    for (const { output } of nodes.programs) {
      assertUnmarked('the log', Buffer.from(output()), [...tokens, secret])
    }
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function assertUnmarked(name: string, bytes: Buffer, secrets: string[]) {
  const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1')
  // What a page calls its form is counted under that name: it is the site's word, not the visitor's.
  const marks = MARKS.filter((mark) => mark !== 'canary').concat('canary-', 'canary_')
  for (const mark of marks) {
    assert.equal(lower.includes(mark), false, `${name} holds ${mark}`)
    assert.equal(lower.includes(Buffer.from(mark, 'utf16le')), false, `${name} holds ${mark}`)
  }
  for (const packed of PACKED)
    assert.equal(bytes.includes(packed), false, `${name} holds it packed`)
  for (const secret of secrets)
    assert.equal(bytes.includes(secret), false, `${name} holds a secret`)
}
