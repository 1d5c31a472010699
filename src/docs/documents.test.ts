import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { documentOf } from './documents.ts'
import { documentNames, FILES, readDocument } from './files.ts'
import { highlight } from './highlight.ts'
import { NAMES, pathOf } from './shelf.ts'

const documents = new Map(NAMES.map((name) => [pathOf(name), documentOf(name)]))
const attributesIn = (html: string, name: string) =>
  [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => value!)
/** Of the frame around every document. */
const FRAME_IDS = ['main', 'q', 'found']

describe('the shelf', () => {
  it('has every document of docs/ once', () => {
    assert.deepEqual([...NAMES].sort(), documentNames())
  })
})

describe('a document', () => {
  it.each(NAMES)('leads nowhere that is not there: %s', (name) => {
    const { html } = documents.get(pathOf(name))!
    for (const href of attributesIn(html, 'href')) {
      if (/^(https:|mailto:)/.test(href)) continue
      const { pathname, hash } = new URL(href, `https://docs.example${pathOf(name)}`)
      if (!pathname.startsWith('/docs') || pathname.startsWith('/docs/api')) continue
      const there = documents.get(pathname)
      assert.ok(there || FILES.has(pathname.slice('/docs/'.length)), href)
      if (hash === '') continue
      const id = decodeURIComponent(hash.slice(1))
      assert.ok(attributesIn(there!.html, 'id').includes(id), href)
    }
    for (const src of [...attributesIn(html, 'src'), ...attributesIn(html, 'srcset')])
      assert.ok(FILES.has(src.slice('/docs/'.length)), src)
  })

  it.each(NAMES)('names the files of docs/ that it means, none that is gone: %s', (name) => {
    const named = [...readDocument(name).matchAll(/\]\((?:\.\/)?([\w./-]+\.md)/g)]
    for (const [, path] of named)
      assert.ok(
        /^(\.\.\/|[a-z-]+\.md$)/.test(path!) &&
          (path!.startsWith('..') || documents.has(pathOf(path!.replace('.md', '')))),
        path,
      )
  })

  it.each(NAMES)('can be shown under the policy of our pages: %s', (name) => {
    const { html, title, contents } = documents.get(pathOf(name))!
    assert.notEqual(title, name, 'it begins with its title')
    assert.doesNotMatch(html, / style=|&lt;(img|picture|source|br|sub|kbd|details)\b/)
    const ids = attributesIn(html, 'id')
    assert.equal(new Set([...ids, ...FRAME_IDS]).size, ids.length + FRAME_IDS.length)
    for (const { id } of contents) assert.ok(ids.includes(id), id)
    for (const link of html.match(/<a href="https?:[^>]*>/g) ?? [])
      assert.match(link, / rel="noopener noreferrer external"/)
  })

  it.each(NAMES)(
    'has examples in languages that are coloured (src/docs/highlight.ts): %s',
    (name) => {
      for (const [, language] of readDocument(name).matchAll(/^ *```(\w+)(?: .*)?$/gm))
        assert.notEqual(highlight('', language!), null, language)
    },
  )
})
