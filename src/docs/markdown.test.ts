import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { dress, htmlOf } from './markdown.ts'

function shown(source: string): string {
  const { tokens, env } = dress(source)
  return htmlOf(tokens, env)
}

describe('a document’s Markdown', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src="images/box-light.png" alt="" onerror="alert(1)">',
    '<svg onload=alert(1)>',
    '[a](javascript:alert(1))',
    '```<script>\n<script>alert(1)</script>\n```',
    '```html\n<script>alert(1)</script>\n```',
    '# <b onclick=x>',
    '| <script> |\n|:-:|\n| <img src=x onerror=y> |',
    '`<script>alert(1)</script>`',
  ])('brings no HTML of its own: %s', (source) => {
    const tags = shown(source).match(/<[^>]*>/g) ?? []
    for (const tag of tags)
      assert.match(
        tag,
        /^<\/?(p|pre|code|h1|table|thead|tbody|tr|th|td|wbr|(a|span|div|th)( (class|href|id|aria-label|role|tabindex|scope)="[^"<>]*")*|h1 id="[^"<>]*")>$/,
      )
  })

  it('names what only the repository has, and links what the site has', () => {
    assert.equal(shown('[a](../src/main.ts) and [b](../SECURITY.md#x)'), '<p>a and b</p>\n')
    assert.equal(
      shown('[a](settings.md) [b](settings.md#each-sites-own) [c](grafana.json)'),
      '<p><a href="/docs/settings">a</a> <a href="/docs/settings#each-sites-own">b</a> <a href="/docs/grafana.json">c</a></p>\n',
    )
    assert.equal(
      shown('see `settings.md`, `docs/settings.md`, `SECURITY.md`'),
      '<p>see <a href="/docs/settings">Settings</a>, <a href="/docs/settings">Settings</a>, <code>SECURITY.md</code></p>\n',
    )
    assert.match(
      shown('[a](https://a.example/)'),
      /<a href="https:\/\/a\.example\/" rel="noopener noreferrer external" class="outside">a<span class="unseen"> \(leads to another site\)<\/span><\/a>/,
    )
  })

  it('gives headings the addresses that forges give them', () => {
    const html = shown("## `POST /v1/x`\n\n## What's new, and why?\n\n## A\n\n## A\n\n## Größe_x-y")
    assert.deepEqual(
      [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id),
      ['post-v1x', 'whats-new-and-why', 'a', 'a-1', 'größe_x-y'],
    )
  })

  it('gives pictures their size, and their dark twin', () => {
    const html = shown(
      '<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="images/box-dark.png">\n  <img src="images/box-light.png" alt="The box" width="300">\n</picture>',
    )
    assert.match(
      html,
      /^<p><picture><source media="\(prefers-color-scheme: dark\)" srcset="\/docs\/images\/box-dark\.png" width="300" height="\d+"><img src="\/docs\/images\/box-light\.png" alt="The box" width="300" height="\d+" loading="lazy" decoding="async"><\/picture><\/p>\n$/,
    )
    assert.throws(() => shown('![gone](images/gone.png)'), /no picture images\/gone\.png/)
  })

  it('gives tables a name and a way to scroll them by the keyboard', () => {
    const html = shown('## Limits\n\n| a | b |\n|---|--:|\n| 1 | 2 |')
    assert.match(
      html,
      /<div class="table" role="group" tabindex="0" aria-label="Table: Limits"><table>/,
    )
    assert.match(html, /<th scope="col">a<\/th>\n<th scope="col" class="end">b<\/th>/)
    assert.match(html, /<td>1<\/td>\n<td class="end">2<\/td>/)
  })

  it('names rows by their first column where nothing stands above it, and no column by nothing', () => {
    const html = shown('| | a |\n|---|---|\n| one | 1 |\n| | 2 |')
    const cells = [...html.matchAll(/<(t[hd](?: [^>]*)?)>([^<]*)</g)].map(([, tag, text]) => [
      tag,
      text,
    ])
    assert.deepEqual(cells, [
      ['td', ''],
      ['th scope="col"', 'a'],
      ['th scope="row"', 'one'],
      ['td', '1'],
      ['td', ''],
      ['td', '2'],
    ])
  })
})
