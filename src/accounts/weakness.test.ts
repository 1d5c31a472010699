import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { isCommon } from './weakness.ts'

const NAMES = ['ada.lovelace', 'one captcha', 'captcha.example.org']

describe('a common password', () => {
  it('is one of those that everybody tries first [ASVS 6.2.4, 6.2.11, 6.2.12]', () => {
    for (const password of [
      'password1234',
      'PasswordPassword',
      'P@ssw0rd12345',
      'qwertyuiop123',
      '123456789012',
      '1qaz2wsx3edc4rfv',
      'q1w2e3r4t5y6',
      'aaaaaaaaaaaaaaaa',
      'abcabcabcabcabc',
      'abcdefghijklmnop',
      'zyxwvutsrqpo',
      'iloveyou2024',
      'charlie123456!',
      'letmein letmein',
      'michaeljordan',
      'lovelace123456',
      'ada.lovelace2026',
      'onecaptcha2026',
      'captcha.example.org',
      'qazxswedcvfr',
      '112233445566',
    ])
      assert.equal(isCommon(password, NAMES), true, password)
  })

  it('is none that is long or strange enough, whatever characters it is made of', () => {
    for (const password of [
      'vT7q-wm2Kx0p',
      'gbzyqwhvkdnu',
      '830175926418',
      'correct horse battery lamp',
      'purple monkey dishwasher',
      'seven blue whales sing',
      'мой дядя самых честных',
      'いろはにほへとちりぬるを',
      '🦊🐢🦉🐳🦔🐝🦜🐙🦩🐌🦚🐞',
    ])
      assert.equal(isCommon(password, NAMES), false, password)
  })

  it('is found in no time, whatever is sent', () => {
    const started = performance.now()
    for (const password of [
      'a'.repeat(128),
      'ab'.repeat(64),
      'password'.repeat(16),
      `${'1'.repeat(127)}x`,
    ])
      isCommon(password, NAMES)
    assert.ok(performance.now() - started < 1_000)
  })
})
