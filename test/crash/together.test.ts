import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { describe, it } from 'vitest'
import { removeFolder, temporaryFolder } from '../support/program.ts'

const SCRIPT = fileURLToPath(new URL('./together.ts', import.meta.url))
const PROCESSES = 6

describe('an empty data folder', () => {
  it('opened by six processes at the same moment gets one key and one store, and each has its turn', async () => {
    const data = temporaryFolder()
    try {
      const children = Array.from({ length: PROCESSES }, () => {
        const child = spawn(process.execPath, [SCRIPT, data])
        let said = ''
        child.stdout.on('data', (chunk) => {
          said += chunk
        })
        child.stderr.on('data', (chunk) => {
          said += chunk
        })
        return { child, ended: once(child, 'close').then(() => said) }
      })
      await Promise.all(children.map(({ child }) => once(child.stdout, 'data')))
      for (const { child } of children) child.stdin.write('go')
      const said = await Promise.all(children.map(({ ended }) => ended))
      assert.match(said[0]!, /^ready\n[0-9a-f]{64}\n$/)
      for (const one of said) assert.equal(one, said[0])
      assert.deepEqual(
        readdirSync(data).filter((name) => name.startsWith('root.key')),
        ['root.key'],
      )
      const db = new Database(`${data}/store.sqlite`)
      assert.equal(db.prepare('SELECT count(*) FROM sites').pluck().get(), PROCESSES)
      db.close()
    } finally {
      removeFolder(data)
    }
  })
})
