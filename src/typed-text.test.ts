import assert from 'node:assert/strict'
import { it } from 'vitest'
import { asMarkup, paragraphs } from './typed-text.ts'

it('makes nothing of a text into markup, and leaves out what no feed may hold', () => {
  assert.equal(
    asMarkup(`<a href="x">'&amp;]]>`),
    '&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;]]&gt;',
  )
  assert.equal(asMarkup('one\u0000two\u000b\u009f\uffff\tthree\nfour'), 'one two   \tthree\nfour')
})

it('parts a text where a line is empty', () => {
  assert.deepEqual(paragraphs(' one\ntwo \n \n\nthree\n'), ['one\ntwo', 'three'])
  assert.deepEqual(paragraphs(' \n\n '), [])
})
