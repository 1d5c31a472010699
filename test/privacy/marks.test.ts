import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'vitest'
import { searchFor } from './marks.ts'

const MARK = 'Marked.Person+7@example.test'
const ADDRESS = Buffer.from('20010db8cafef00d0000000000000077', 'hex')
const search = searchFor({ person: MARK, address: ADDRESS })

/** What a careless program would write. */
const LEAKS: Record<string, string | Buffer> = {
  'as it is': `who=${MARK}.`,
  'in capitals': MARK.toUpperCase(),
  'in an address': `/?q=${encodeURIComponent(MARK)}`,
  'as UTF-16': Buffer.from(MARK, 'utf16le'),
  'as hex': Buffer.from(MARK.toLowerCase()).toString('hex'),
  'as hex in capitals': Buffer.from(MARK).toString('hex').toUpperCase(),
  'as base64': Buffer.from(MARK).toString('base64'),
  'within base64': Buffer.from(`{"to":"${MARK}"}`).toString('base64url'),
  'one byte later within base64': Buffer.from(`{"from":"${MARK}","a":1}`).toString('base64'),
  'two bytes later within base64': Buffer.from(`{"sender":"${MARK}"`).toString('base64'),
  'as a hash': createHash('sha256').update(MARK).digest(),
  'as a hash of what is in small letters': createHash('sha1')
    .update(MARK.toLowerCase())
    .digest('hex'),
  'as a hash in base64': createHash('sha512').update(MARK).digest('base64url'),
  'as a shortened hash': createHash('md5').update(MARK).digest('hex').slice(0, 24),
  'as a packed address': Buffer.concat([Buffer.from('x'), ADDRESS]),
  'as a hash of a packed address': createHash('sha256').update(ADDRESS).digest('hex'),
}

describe('the search for marks', () => {
  for (const [how, leak] of Object.entries(LEAKS)) {
    it(`finds one that was written ${how}`, () => {
      const bytes = Buffer.concat([Buffer.alloc(999, 'ab'), Buffer.from(leak), Buffer.alloc(99)])
      assert.notDeepEqual(search.in(bytes), [])
    })
  }

  it('finds nothing where there is none, nor a keyed hash, nor something encrypted', () => {
    const keyed = createHash('sha256').update('a key').update(MARK).digest()
    const bytes = Buffer.concat([Buffer.from('marked person example test'), keyed])
    assert.deepEqual(search.in(bytes), [])
  })
})
