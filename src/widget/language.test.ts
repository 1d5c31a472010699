import { expect, it } from 'vitest'
import { LANGUAGES, lookup } from './language.ts'

it.each([
  [['de-AT'], 'de'],
  [['pt-BR', 'fr-CA'], 'fr'],
  [['zh'], 'zh'],
  [['zh-CN'], 'zh'],
  [['zh-Hans-TW'], 'zh'],
  [['zh-TW'], 'zh-Hant'],
  [['zh-HK'], 'zh-Hant'],
  [['zh_MO'], 'zh-Hant'],
  [['zh-Hant-SG'], 'zh-Hant'],
  [['zh-yue-HK'], 'zh-Hant'],
  [['kr'], 'ko'],
  [['ko-KR'], 'ko'],
  [['krc'], 'en'],
  [['eng'], 'en'],
  [[null, '', undefined, 'PL'], 'pl'],
  [['xx', 'constructor', '-'], 'en'],
  [[], 'en'],
])('reads %j as %s', (tags, language) => {
  expect(lookup(tags)).toBe(language)
})

it('finds each language by its own name, however it is written', () => {
  for (const language of LANGUAGES) {
    expect(lookup([language])).toBe(language)
    expect(lookup([language.toUpperCase()])).toBe(language)
  }
})
