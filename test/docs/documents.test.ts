import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import MarkdownIt from 'markdown-it'
import { describe, it } from 'vitest'
import { buildWidget } from '../../src/widget/build.ts'
import { LANGUAGES } from '../../src/widget/language.ts'
import { journeyOf, sizeOf } from '../../src/widget/size.ts'
import { documents, textOf } from './blocks.ts'

const ROOT = join(import.meta.dirname, '../..')
const all = documents()
const parse = (file: string) => new MarkdownIt({ html: true }).parse(textOf(file), {})

/** Where a document leads, beside other sites: links and pictures, also those in HTML. */
function linksOf(file: string): string[] {
  const inText = parse(file)
    .flatMap(({ children }) => children ?? [])
    .map((token) => token.attrGet('href') ?? token.attrGet('src'))
    .map((link) => String(link ?? ''))
  const inHtml = textOf(file).matchAll(/<(?:img|source)[^>]+?(?:src|srcset)="([^"]+)"/g)
  const links = [...inText, ...[...inHtml].map((found) => found[1]!)]
  return links.filter((link) => link !== '' && !/^[a-z]+:/.test(link))
}

/** A heading's name in an address, as GitHub and our own pages make it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[`*]/g, '')
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function headingsOf(file: string): string[] {
  const tokens = parse(file)
  return tokens
    .filter((_, i) => tokens[i - 1]?.type === 'heading_open')
    .map((token) => slugOf(token.content))
}

describe('every document', () => {
  for (const file of all) {
    it(`leads only to what is there: ${file}`, () => {
      for (const link of linksOf(file)) {
        const [path, anchor] = link.split('#')
        const target = path ? join(dirname(file), path) : file
        assert.ok(existsSync(join(ROOT, target)), `${file} leads to ${link}`)
        if (anchor) assert.ok(headingsOf(target).includes(anchor), `${file} leads to ${link}`)
      }
    })

    it(`names only tests and documents that are there: ${file}`, () => {
      if (file === 'CHANGELOG.md') return
      const named = textOf(file).matchAll(
        /`((?:docs|test|src|lab|bench)\/[\w./-]+\.(?:md|tsx?|json))`/g,
      )
      for (const [, path] of named) {
        assert.ok(
          existsSync(join(ROOT, path!)) || path!.includes('kinds/sum'),
          `${file} names ${path}`,
        )
      }
    })
  }

  it('says in its first sentence what it is for', () => {
    for (const file of all.filter((one) => one.startsWith('docs/'))) {
      const [heading, , , first] = parse(file)
      assert.equal(heading!.tag, 'h1', file)
      assert.equal(first?.type, 'paragraph_open', `${file} begins with a sentence`)
    }
  })

  it('can be found from README.md', () => {
    const found = linksOf('README.md')
    for (const file of all.filter((one) => /^docs\/|^[A-Z]+\.md$/.test(one))) {
      assert.ok(file === 'README.md' || found.includes(file), `README.md leads to ${file}`)
    }
  })

  it('shows every picture that there is', () => {
    const shown = all.flatMap((file) => linksOf(file).map((link) => join(dirname(file), link)))
    for (const name of readdirSync(join(ROOT, 'docs/images'))) {
      assert.ok(shown.includes(`docs/images/${name}`), `no document shows ${name}`)
    }
  })
})

it('counts the languages that there are, wherever they are counted', () => {
  const counted = all.filter((file) => {
    const counts = [...textOf(file).matchAll(/(\d+)\s+languages/g)].map((found) => Number(found[1]))
    for (const count of counts) assert.equal(count, LANGUAGES.length, file)
    return counts.length > 0
  })
  for (const file of ['README.md', 'CHANGELOG.md', 'docs/translating.md']) {
    assert.ok(counted.includes(file), file)
  }
})

it('docs/benchmarks.md has the widget’s bytes as they are', async () => {
  const text = textOf('docs/benchmarks.md')
  const parts = await buildWidget()
  const journey = journeyOf(parts)
  const near = (shown: number, is: number, what: string, rounded = 0) =>
    assert.ok(Math.abs(shown - is) <= is * 0.02 + rounded, `${what} is ${is}, not ${shown}`)
  for (const [label, without] of [
    ['box, work', 'slider'],
    ['box, work, slider', ''],
  ] as const) {
    const row = new RegExp(`^\\| One Captcha: ${label} \\|(.*)\\|$`, 'm').exec(text)![1]!
    const shown = row.split('|').map((cell) => Number(cell.replaceAll(',', '')))
    const sent = journey.filter(([role]) => role !== without).map(([, part]) => part)
    for (const [i, encoding] of (['body', 'gzip', 'br'] as const).entries()) {
      const sum = sent.reduce((total, part) => total + part[encoding].length, 0)
      near(shown[i + 1]!, sum, `${label}, ${encoding}`)
    }
  }
  const { widget, worker, slider, loader, frame } = sizeOf(parts) as Record<string, number>
  for (const [what, is] of [
    ['their styles are', widget!],
    ['its wasm', worker!],
    ['the slider', slider!],
    ['the loader and the frame', loader! + frame!],
  ] as const) {
    const shown = new RegExp(`${what} ([\\d.]+) kB`).exec(text.replaceAll(/\s+/g, ' '))![1]!
    near(Number(shown) * 1_000, is, what, 50)
  }
})

describe('docs/embedding.md', () => {
  const text = textOf('docs/embedding.md')

  it('has every attribute of the element', () => {
    const [list] = /const ATTRIBUTES = [\s\S]*?\n\]/.exec(textOf('src/widget/adopt.ts'))!
    const names = [...list.matchAll(/'([a-z]+)'/g)].map((found) => found[1]!)
    assert.ok(names.length > 12)
    // The widget writes that one itself, where its site is invisible.
    for (const name of names.filter((one) => one !== 'mode')) {
      assert.match(text, new RegExp(`^\\| .*\`${name}\`.* \\| `, 'm'), name)
    }
  })

  it('has every method of the element', () => {
    const code = textOf('src/widget/element.ts')
    const names = [...code.matchAll(/^ {2}(?:async |get )?([a-z]\w+)\(/gm)]
      .map((found) => found[1]!)
      .filter((name) => !name.endsWith('Callback'))
    assert.ok(names.includes('execute') && names.includes('tokenEndsAt'))
    for (const name of names) assert.match(text, new RegExp(`^\\| \`${name}\\b.*\\| `, 'm'), name)
  })

  it('has every event, and every callback of a container', () => {
    const code = ['captcha', 'element', 'adopt']
      .map((name) => textOf(`src/widget/${name}.ts`))
      .join()
    const events = [...code.matchAll(/(?:fire|on)\('([a-z]+)'/g)].map((found) => found[1]!)
    const callbacks = [...code.matchAll(/call\('([a-z-]+)'/g)].map((found) => found[1]!)
    assert.ok(events.length > 5 && callbacks.length > 5)
    for (const name of [...events, ...callbacks]) assert.ok(text.includes(`\`${name}\``), name)
  })
})

describe('docs/moving-others.md', () => {
  const text = textOf('docs/moving-others.md')
  /** What each package is called, and a file of it that has the names. */
  const PEERS = {
    '@cap.js/widget': [
      'src/cap.js',
      'cap-token',
      'data-cap-api-endpoint',
      'data-cap-hidden-field-name',
    ],
    '@cap.js/server': ['index.d.ts', 'createChallenge', 'redeemChallenge', 'validateToken'],
    altcha: [
      'README.md',
      'challenge',
      'onload',
      'onfocus',
      'onsubmit',
      'floating',
      'overlay',
      'name',
    ],
    'friendly-challenge': ['widget.module.min.js', 'frc-captcha', 'frc-captcha-solution'],
  }

  it('takes away what the others’ packages have, in the versions that it names', () => {
    for (const [name, [file, ...words]] of Object.entries(PEERS)) {
      const { version } = JSON.parse(textOf(`node_modules/${name}/package.json`))
      const [major, minor] = version.split('.')
      assert.ok(text.includes(`\`${name}\` ${major}.${minor}`), `${name} is ${version}`)
      const code = textOf(`node_modules/${name}/${file}`)
      for (const word of words) {
        assert.ok(code.includes(word), `${name} has ${word}`)
        assert.ok(text.includes(word), `it speaks of ${word}`)
      }
    }
  })
})
