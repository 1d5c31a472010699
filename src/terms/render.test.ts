import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { clausesOf } from './clauses.ts'
import { renderTerms } from './render.ts'

const LABELS = { here: 'Here', outside: '(leads to another site)' }
const htmlOf = (text: string) => renderTerms(text, LABELS).html

/** All that a text can become. */
const TAGS =
  /^<\/?(p|h[2-6]|a|ul|ol|li|em|strong|s|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|span)( (id|class|href|rel|title|aria-label|start)="[^"<>]*")*>$/

/** Fails on any tag, attribute or target that could run, load or ask for something. */
function assertHarmless(html: string) {
  for (const tag of html.match(/<[^>]*>?/g) ?? []) {
    assert.match(tag, TAGS)
    const href = / href="([^"]*)"/.exec(tag)?.[1]
    if (href === undefined) continue
    const url = new URL(href.replaceAll('&amp;', '&'), 'https://captcha.example/terms')
    assert.match(url.protocol, /^(https?|mailto):$/, tag)
    const leaves = url.protocol !== 'mailto:' && url.origin !== 'https://captcha.example'
    assert.equal(/ rel="noopener noreferrer external"/.test(tag), leaves, tag)
  }
}

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '</article><iframe src="//evil.example">',
  '<!--><script>alert(1)</script-->',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#10;script:alert(1))',
  '[a](&#x6A;avascript:alert(1))',
  '[a](\u0001javascript:alert(1))',
  '[a](vbscript:x) [b](data:text/html;base64,PHNjcmlwdD4=) [c](file:///etc/passwd)',
  '[a](//evil.example) [b](\\\\evil.example) [c](/\\evil.example) [d](///evil.example)',
  '[a](https:evil.example) [b](http:/evil.example) [c](https:///evil.example)',
  '<javascript:alert(1)> <https://ok.example/"onmouseover="x>',
  '![a](https://evil.example/pixel.png) ![a](javascript:alert(1))',
  '[a]: javascript:alert(1)\n\n[a] and [a][a]',
  '[a](https://ok.example "x\\" onmouseover=\\"alert(1)")',
  '[a](https://ok.example/"onmouseover="alert(1))',
  '# 4.2 <b onclick=x> "><script>x</script>',
  '## <script>x</script> [a](javascript:x)',
  '## "onmouseover="x',
  '```"><script>x\ncode\n```',
  '| a | b |\n|:--|--:|\n| <script> | [x](javascript:1) |',
  '`<script>`\n\n    <script>',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;',
  '> # <script>x</script>\n> - [ ] <input autofocus onfocus=x>',
  '__proto__ constructor [toString][__proto__]\n\n[__proto__]: /x',
]

describe('a text of the Terms', () => {
  it.each(ATTACKS)('is shown, and runs nothing: %s', (attack) => {
    assertHarmless(htmlOf(attack))
    assertHarmless(htmlOf(`# T\n\n## 1 One\n\n- ${attack.replaceAll('\n', '\n  ')}`))
  })

  it('is harmless whatever it is', () => {
    const bit = fc.oneof(
      fc.constantFrom(
        ...ATTACKS,
        '\n',
        '\n\n',
        '# ',
        '## 1.1 ',
        '[',
        '](',
        ')',
        '<',
        '>',
        '*',
        '`',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 12 }), (bits) =>
        assertHarmless(htmlOf(bits.join(''))),
      ),
      { numRuns: 500 },
    )
  })

  it('gives every part an address that no other has', () => {
    const headings = [
      '4.2 A',
      '4.2 B',
      'Aims',
      'Aims',
      '4.2-2',
      'constructor',
      '__proto__',
      '§ 7. C',
      '<>',
    ]
    const text = headings.map((one) => `## ${one}\n\nx\n\n`).join('')
    const ids = clausesOf(text).map(({ id }) => id)
    assert.equal(new Set(ids).size, headings.length)
    assert.deepEqual(ids.slice(0, 2), ['4.2', '4.2-2'])
    assert.ok(ids.includes('7') && ids.includes('s-constructor') && !ids.includes('main'))
    const html = htmlOf(text)
    for (const id of ids) assert.ok(html.includes(`id="${id}"`), id)
    fc.assert(
      fc.property(fc.array(fc.constantFrom('4.2', '4.2-2', '4.2-2-2', 'a', 'a-2')), (list) => {
        const all = clausesOf(list.map((one) => `## ${one}\n\n`).join('')).map(({ id }) => id)
        return new Set(all).size === list.length
      }),
    )
  })

  it('has its own title above the others, and headings that skip no rank', () => {
    const { title, html, contents } = renderTerms(
      '# Our *Terms*\n\n# 1 One\n\n#### 1.1 Deep',
      LABELS,
    )
    assert.equal(title, 'Our Terms')
    assert.match(html, /<h2 id="1">.*<h3 id="1\.1">/s)
    assert.doesNotMatch(html, /<h1/)
    assert.deepEqual(
      contents.map(({ number, rank }) => [number, rank]),
      [
        ['1', 2],
        ['1.1', 3],
      ],
    )
    assert.match(htmlOf('## 1 One\n\n> # Quoted'), /<h3>Quoted<\/h3>/)
  })

  it('says which links lead to others', () => {
    assert.equal(
      htmlOf('[us](/privacy) [others](https://a.example/)'),
      '<p><a href="/privacy">us</a> <a href="https://a.example/" rel="noopener noreferrer external" class="outside">others<span class="unseen"> (leads to another site)</span></a></p>\n',
    )
  })

  it('keeps a number that is part of the words', () => {
    assert.match(htmlOf('## 10 2024 changes'), /#10">10<\/a> 2024 changes<\/h2>/)
    assert.match(htmlOf('## 1\n\nx'), /<h2 id="1"><a class="anchor" href="#1">1<\/a> <\/h2>/)
    assert.match(htmlOf('## **4.2** Bold'), /id="4\.2"><strong>4\.2<\/strong> Bold <a/)
  })

  it('is read apart at its headings, and not at what only looks like one', () => {
    const text = '# T\r\n\r\nLead\r\n\r\n## 1 One\r\n\r\n```\n## 2 No\n```\n\n1.1 Two\n---\n\nEnd'
    assert.deepEqual(
      clausesOf(text).map(({ id, title, source }) => [id, title, source]),
      [
        ['', '', 'Lead'],
        ['1', 'One', '```\n## 2 No\n```'],
        ['1.1', 'Two', 'End'],
      ],
    )
    assert.deepEqual(clausesOf(''), [])
    assert.deepEqual(clausesOf('# Only a title'), [])
  })

  it('is said in words, with where its links lead', () => {
    const [clause] = clausesOf(
      'See **[the page](/status)** and <https://a.example/>.\nSo\n\n- one\n- two\n\n3. three\n\n`code`',
    )
    assert.equal(
      clause!.words,
      'See the page (/status) and https://a.example/. So\n\n• one\n• two\n\n3. three\n\ncode',
    )
  })
})
