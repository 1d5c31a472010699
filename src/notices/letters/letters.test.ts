import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Letter, Notice, NoticeFacts, NoticeKind } from '../notice.ts'
import { htmlOf, textOf } from './frame.ts'
import { letterOf } from './index.ts'

const PLACE = {
  publicUrl: 'https://captcha.example.org',
  host: 'captcha.example.org',
  operator: 'Example GmbH',
}
const EVIL = '<script>alert(1)</script> & "quoted" \'single\''

const FACTS: { [Kind in NoticeKind]: NoticeFacts[Kind] } = {
  terms: { event: 'announced', number: 3, summary: EVIL, effectiveAt: 1e12, acceptance: 'use' },
  maintenance: {
    ...{ event: 'announced', id: 'mnt_1', title: EVIL, body: EVIL, components: ['console'] },
    ...{ effect: 'none', startsAt: 1e12, endsAt: 1e12 + 3_600_000, reason: '' },
  },
  incident: {
    ...{ id: 'inc_1', title: EVIL, impact: 'minor', components: ['console'], body: EVIL },
    ...{ state: 'investigating', startedAt: 1e12, resolvedAt: null },
  },
  breach: {
    ...{ id: 'brc_1', number: 1, noticedAt: 1e12, nature: EVIL, data: EVIL, contact: EVIL },
    ...{ consequences: EVIL, measures: EVIL, advice: EVIL },
  },
  account: { change: 'suspended', login: 'ada', reason: EVIL },
  feedback: { kind: 'service', answer: EVIL },
  alert: { about: 'doctor', text: EVIL, path: '/console/promises/doctor' },
}

const letters = Object.entries(FACTS).map(([kind, facts]): [string, Letter] => [
  kind,
  letterOf({ id: 'ntc_1', kind, about: '', createdAt: 1e12, facts } as Notice, PLACE),
])
const out = { url: 'https://captcha.example.org/unsubscribe?slip=a&b', words: 'about maintenance' }

describe('a letter', () => {
  it('of every kind is plain text and the same as a page, with all that was typed escaped', () => {
    for (const [kind, letter] of letters) {
      const [text, html] = [textOf(letter, PLACE, out), htmlOf(letter, PLACE, out)]
      assert.match(
        text,
        /^Hello,\n\n[\s\S]+\n\nExample GmbH: One Captcha at captcha\.example\.org/,
        kind,
      )
      assert.ok(text.includes(out.url))
      assert.doesNotMatch(html, /<script|alert\(1\)<\/|"quoted"/, kind)
      assert.ok(
        html.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;'),
        kind,
      )
      assert.match(html, /<html lang="en">/)
      assert.match(html, /prefers-color-scheme: dark/)
    }
  })

  it('loads nothing, shows no picture, and leads to the service alone', () => {
    for (const [kind, letter] of letters) {
      const html = htmlOf(letter, PLACE, out)
      assert.doesNotMatch(
        html,
        /<(img|link|iframe|script|object|form|svg)|url\(|@import|\ssrc=/i,
        kind,
      )
      for (const [, address] of html.matchAll(/href="([^"]*)"/g))
        assert.ok(address!.startsWith(PLACE.publicUrl), `${kind} ${address}`)
    }
  })

  it('has links of https or of the service, and no others', () => {
    const paths = ['javascript:alert(1)', '//evil.example', 'http://plain.example', 'data:x', '']
    const letter = { subject: 'x', parts: paths.map((path) => ({ words: 'x', path })) }
    for (const [, address] of htmlOf(letter, PLACE, null).matchAll(/href="([^"]*)"/g))
      assert.equal(address, PLACE.publicUrl)
    const good = { subject: 'x', parts: [{ words: 'x', path: 'https://other.example/a?b&c' }] }
    assert.ok(htmlOf(good, PLACE, null).includes('href="https://other.example/a?b&amp;c"'))
  })
})
