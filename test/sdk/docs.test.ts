import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { subpaths } from './home.ts'

const DOC = readFileSync(new URL('../../docs/sdk.md', import.meta.url), 'utf8')

describe('the documentation of the SDK', () => {
  it('speaks of each import', () => {
    for (const name of subpaths()) assert.ok(DOC.includes(`one-captcha/${name}`), name)
  })
})
