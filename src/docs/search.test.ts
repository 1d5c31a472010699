import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { type Hit, QUESTION_CHARACTERS_MAX, searchIn } from './search.ts'

const section = (heading: string, text: string, code = '') => ({
  ...{ path: '/docs/a', page: 'Page A', id: heading.toLowerCase(), heading, text, code },
})
const search = await searchIn([
  section('', 'What this is about: nothing much.'),
  section('Secrets', `${'Some words before it. '.repeat(40)}A secret can be rotated by an owner.`),
  section('Backends', 'Ask whether the token is good.', 'curl /v1/siteverify -d secret=…'),
  section('Ports', 'ONE_CAPTCHA_PORT is the port.'),
  section('Hosts', 'ONE_CAPTCHA_HOST is the host, and no port.'),
])
const headings = (question: string) => search(question).map(({ heading }) => heading)
const marked = ({ snippet }: Hit) => snippet.filter((one) => one.marked).map(({ text }) => text)

describe('the search', () => {
  it('finds a word, its beginning, and a word with a mistake in it', () => {
    assert.deepEqual(headings('rotated'), ['Secrets'])
    assert.deepEqual(headings('rotat'), ['Secrets'])
    assert.deepEqual(headings('rotatde'), ['Secrets'])
    assert.deepEqual(headings('siteverfy'), ['Backends'])
    assert.deepEqual(headings('ONE_CAPTCHA_PORT'), ['Ports'])
    assert.deepEqual(headings('zebra'), [])
  })

  it('prefers what has all the words, and else takes what has some', () => {
    assert.deepEqual(headings('secret owner'), ['Secrets'])
    assert.deepEqual(headings('zebra token'), ['Backends'])
  })

  it('shows the words where they stand, and marks them', () => {
    const [hit] = search('owner')
    assert.deepEqual(marked(hit!), ['owner'])
    const text = hit!.snippet.map((one) => one.text).join('')
    assert.match(text, /^… .*A secret can be rotated by an owner\.$/)
    assert.ok(text.length < 220)
    assert.equal(hit!.href, '/docs/a#secrets')
    assert.deepEqual(marked(search('siteverify')[0]!), ['siteverify'])
    assert.equal(search('about')[0]!.href, '/docs/a')
  })

  it('reads no more of a question than it must', () => {
    assert.deepEqual(headings(`${'x'.repeat(QUESTION_CHARACTERS_MAX)} token`), [])
    assert.deepEqual(headings(`${'x '.repeat(6)}token`), [])
    assert.deepEqual(headings(''), [])
    assert.deepEqual(headings('"*?(){}[]<>&'), [])
    assert.deepEqual(headings('__proto__ constructor'), [])
  })
})
