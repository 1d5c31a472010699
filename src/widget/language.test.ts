import { expect, it } from 'vitest'
import { LANGUAGES, lookup } from './language.ts'

it.each([
  [['de-AT'], 'de'],
  [['oc-FR', 'fr-CA'], 'fr'],
  [['nb-NO'], 'nb'],
  [['no'], 'nb'],
  [['nn-NO', 'en'], 'nb'],
  [['nov'], 'en'],
  [['iw'], 'he'],
  [['in'], 'id'],
  [['tl-PH'], 'fil'],
  [['mo'], 'ro'],
  [['pt'], 'pt'],
  [['pt-BR'], 'pt'],
  [['pt-PT'], 'pt-PT'],
  [['pt-AO'], 'pt-PT'],
  [['sr'], 'sr'],
  [['sr-RS'], 'sr'],
  [['sr-Cyrl-ME'], 'sr'],
  [['sr-Latn'], 'sr-Latn'],
  [['sr-ME'], 'sr-Latn'],
  [['sh'], 'sr-Latn'],
  [['pa-IN'], 'pa'],
  [['pa-PK', 'ur'], 'ur'],
  [['uz-Cyrl', 'ru'], 'ru'],
  [['az-Arab', 'fa'], 'fa'],
  [['zh'], 'zh'],
  [['zh-CN'], 'zh'],
  [['zh-Hans-TW'], 'zh'],
  [['zh-TW'], 'zh-Hant'],
  [['zh-HK'], 'zh-Hant'],
  [['zh_MO'], 'zh-Hant'],
  [['zh-Hant-SG'], 'zh-Hant'],
  [['zh-yue-HK'], 'zh-Hant'],
  [['yue'], 'zh-Hant'],
  [['zh-cmn-Hans'], 'zh'],
  [['zh-Latn', 'de'], 'de'],
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
