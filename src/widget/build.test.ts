import { beforeAll, describe, expect, it } from 'vitest'
import { buildWidget, type WidgetPart } from './build.ts'
import { LANGUAGES } from './language.ts'
import { BUDGET_BYTES, sizeOf } from './size.ts'

let parts: Map<string, WidgetPart>
beforeAll(async () => {
  parts = await buildWidget()
})

it('builds the same files under the same names from the same source', async () => {
  const again = await buildWidget()
  expect([...again.keys()]).toEqual([...parts.keys()])
  for (const [path, part] of again) {
    expect(part.body.equals(parts.get(path)!.body), path).toBe(true)
    expect(part.br.equals(parts.get(path)!.br), path).toBe(true)
  }
})

it('stays within its budget', () => {
  expect(sizeOf(parts).total).toBeLessThanOrEqual(BUDGET_BYTES)
})

it('has the loaders at their promised addresses, and everything else under names that change with the content', () => {
  const fixed = [...parts].filter(([, { immutable }]) => !immutable).map(([path]) => path)
  expect(fixed.sort()).toEqual([
    '/0/api.js',
    '/0/api_lite.js',
    '/0/api_preview.js',
    '/1/api.js',
    '/recaptcha/api.js',
    '/recaptcha/enterprise.js',
    '/turnstile/v0/api.js',
    '/v1/widget.js',
  ])
  for (const path of parts.keys()) {
    if (fixed.includes(path)) continue
    expect(path).toMatch(/^\/v1\/parts\/[a-z]{8}\/[\w-]+\.(js|html)$/)
  }
})

it('loads a language only when somebody reads it', () => {
  const texts = [...parts]
    .filter(([path]) => /\/[a-z]{8}\/widget\.js$/.test(path))
    .map(([, p]) => `${p.body}`)
  expect(texts).toHaveLength(1)
  expect(texts[0]).toContain('I am human')
  expect(texts[0]).not.toContain('Mensch')
  for (const language of LANGUAGES) {
    for (const part of ['widget', 'slider']) {
      const files = [...parts.keys()].filter((path) => path.endsWith(`/${language}-${part}.js`))
      expect(files, language).toHaveLength(language === 'en' ? 0 : 1)
    }
  }
})

it.each(LANGUAGES.filter((language) => language !== 'en'))(
  'says in %s all it says in 1 kB',
  (language) => {
    for (const [path, { br, body }] of parts) {
      if (!/-(widget|slider)\.js$/.test(path) || !path.includes(`/${language}-`)) continue
      expect(br.length, path).toBeLessThanOrEqual(1_000)
      expect(`${body}`, path).not.toContain('native speaker')
    }
  },
)

describe('the loaders', () => {
  it('are read by browsers that know nothing newer than ES5', () => {
    for (const [path, { body }] of parts) {
      if (!/^\/(0|v1)\/\w+\.js$/.test(path)) continue
      expect(`${body}`, path).not.toMatch(/=>|`|\b(const|let|class|async|await)\b|\?\.|\?\?|\.\.\./)
    }
  })

  it('are small, also those that speak as others do', () => {
    for (const [path, { br, immutable }] of parts) {
      if (!immutable) expect(br.length, path).toBeLessThanOrEqual(2_400)
    }
  })

  it('bring parts that are there', () => {
    for (const [path, { body, immutable }] of parts) {
      if (immutable) continue
      const [named] = /v1\/parts\/\w+\/[\w-]+\.js/.exec(`${body}`) ?? []
      expect(parts.has(`/${named}`), path).toBe(true)
    }
  })
})

it('needs neither inline styles nor evaluated code', () => {
  for (const [path, { body }] of parts) {
    expect(`${body}`, path).not.toMatch(/innerHTML|insertAdjacentHTML|createElement\("style"\)/)
    expect(`${body}`, path).not.toMatch(/\beval\(|new Function\(/)
  }
})
