import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { clausesOf } from './clauses.ts'
import { hashOf } from './draft.ts'
import { type Facts, fillTerms, foundingTexts } from './founding.ts'
import { renderTerms } from './render.ts'

const FACTS: Facts = {
  operator: 'Harbour Library',
  contact: 'legal@harbour.example',
  jurisdiction: 'Portugal',
  termsNoticeDays: 14,
  maintenanceNoticeHours: 48,
  publicUrl: 'https://captcha.harbour.example',
}
const NOTHING: Facts = { ...FACTS, operator: '', contact: '', jurisdiction: '', publicUrl: null }
const LABELS = { here: 'Here', outside: '(leads to another site)' }

/** The numbers of the founding Terms: what is promised under each stays found there. */
const NUMBERS = [
  ...['1', '1.1', '1.2', '2', '2.1', '2.2', '2.3', '3', '3.1', '3.2', '4', '4.1', '4.2', '4.3'],
  ...['5', '5.1', '5.2', '5.3', '6', '6.1', '6.2', '7', '7.1', '7.2', '8', '8.1', '8.2', '8.3'],
  ...['9', '9.1', '9.2', '10', '10.1', '10.2', '10.3'],
]

const textIn = (lang: string, facts = FACTS) =>
  foundingTexts(facts).find((one) => one.lang === lang)!.text

describe('the Terms that the software comes with', () => {
  it.each(['en', 'zh'])('have every clause of all ten parts, with its address, in %s', (lang) => {
    const clauses = clausesOf(textIn(lang))
    assert.deepEqual(
      clauses.map(({ id }) => id),
      ['', ...NUMBERS],
    )
    const { html, contents } = renderTerms(textIn(lang), LABELS)
    for (const number of NUMBERS) {
      assert.ok(html.includes(` id="${number}"`), number)
      assert.ok(html.includes(`<a class="anchor" href="#${number}">${number}</a>`), number)
    }
    assert.equal(contents.length, NUMBERS.length)
    for (const { number, title, words } of clauses) {
      if (number.includes('.')) assert.ok(title.length > 1 && words.length > 20, number)
    }
  })

  it('say who runs the service, where they are reached, whose law holds and how long notice is', () => {
    const text = textIn('en')
    assert.match(text, /is run by Harbour Library/)
    assert.match(text, /\[legal@harbour\.example\]\(<mailto:legal@harbour\.example>\)/)
    assert.match(text, /The law of Portugal applies/)
    assert.match(text, /at least 14 days before/)
    assert.match(text, /at least 48 hours before/)
    assert.match(textIn('en', { ...FACTS, termsNoticeDays: 1 }), /at least 1 day before/)
    assert.match(textIn('zh'), /Harbour Library.*14天.*48小时.*Portugal/s)
  })

  it.each(['en', 'zh'])('are whole sentences where nothing is set, in %s', (lang) => {
    const text = textIn(lang, NOTHING)
    assert.doesNotMatch(text, /[{}|]|undefined|null/)
    assert.match(text, lang === 'en' ? /the operator of this server/ : /本服务器的运营者/)
  })

  it('say in English that English binds, and in Chinese too', () => {
    assert.match(textIn('en'), /the English text holds/)
    assert.match(textIn('zh'), /以英文文本为准/)
    assert.equal(foundingTexts(FACTS)[0]!.lang, 'en')
  })

  it('lead to nothing but our own pages, and to where the operator is reached', () => {
    for (const lang of ['en', 'zh']) {
      const { html } = renderTerms(textIn(lang), LABELS)
      const targets = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!)
      for (const target of targets) assert.match(target, /^(#|\/[a-z.]|mailto:legal@)/)
    }
  })

  it('have the hash of their bytes', () => {
    for (const { text, hash } of foundingTexts(FACTS)) assert.equal(hash, hashOf(text))
    assert.equal(hashOf('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('what is filled in', () => {
  const shown = (value: string) =>
    renderTerms(fillTerms('Run by {{operator}}, who is it.', { operator: value }), LABELS).html

  it.each([
    '*Bold* & _sons_',
    '<script>alert(1)</script>',
    '[click](javascript:alert(1))',
    '![x](https://evil.example/x.png)',
    '`code` ~~gone~~ | table | \\',
    '&lt;b&gt; &amp; &#x3c;',
    '{{jurisdiction}} {{x|y}}',
    '1. Inc. # 2',
    '$& $1 $$',
  ])('is shown as it is, and is neither Markdown nor HTML: %s', (value) => {
    const html = shown(value)
    assert.equal(html.match(/<[^>]+>/g)?.join(''), '<p></p>')
    const read = html
      .replace(/<[^>]+>/g, '')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&')
    assert.equal(read.trim(), `Run by ${value}, who is it.`)
  })

  it('stays on its line', () => {
    const html = shown('One\n\n## 11 Everything is mine\n\n\u2028\u0000\ttwo')
    assert.doesNotMatch(html, /<h/)
    assert.match(html, /One ## 11 Everything is mine two/)
  })

  it('is a heading, a list or a quotation at the beginning of a line no more than elsewhere', () => {
    for (const value of ['# one', '- one', '+ one', '1. one', '> one', '= one', '---']) {
      const { html } = renderTerms(fillTerms('{{operator}}', { operator: value }), LABELS)
      assert.match(html, /^<p>[^<]+<\/p>\n$/, value)
    }
  })

  it('leads to an address that is one, and to no other', () => {
    const linked = (contact: string) =>
      renderTerms(fillTerms('At {{contact|nowhere}}.', { contact }), LABELS).html
    assert.match(linked('a@b.example'), /<a href="mailto:a@b.example">a@b.example<\/a>/)
    assert.match(
      linked('https://b.example/x?y=1&z'),
      /<a href="https:\/\/b.example\/x\?y=1&amp;z" rel="noopener noreferrer external"/,
    )
    assert.match(
      linked('https://b.example/)>%5D[x](javascript:1)'),
      /<a href="https:\/\/b\.example/,
    )
    assert.doesNotMatch(linked('javascript:alert(1)'), /<a/)
    assert.doesNotMatch(linked('data:text/html,x'), /<a/)
    assert.equal(linked(''), '<p>At nowhere.</p>\n')
  })

  it('takes nothing from what every object has', () => {
    assert.equal(fillTerms('{{constructor|none}} {{__proto__|none}}', {}), 'none none')
    assert.throws(() => fillTerms('{{toString}}', {}), /need a value for toString/)
  })
})
