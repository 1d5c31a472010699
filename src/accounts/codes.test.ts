import assert from 'node:assert/strict'
import { Secret, TOTP } from 'otpauth'
import { describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { newRecoveryCodes, newTotpSecret, readRecoveryCode, stepOf, totpUri } from './codes.ts'

const random = systemRandom()
const NOW = 1_700_000_010_000

describe('codes of an app', () => {
  it('are those of RFC 6238 (appendix B)', () => {
    const secret = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer })
      .base32
    // The vectors have eight digits; an app shows the last six.
    for (const [second, code] of [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
    ] as const)
      assert.equal(stepOf(secret, code, second * 1_000), Math.floor(second / 30), code)
  })

  it('are good in their half minute, and in those beside it [ASVS 6.5.5]', () => {
    const secret = newTotpSecret(random)
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: NOW })
    const step = Math.floor(NOW / 30_000)
    for (const [shift, found] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const)
      assert.equal(stepOf(secret, code, NOW + shift * 30_000), found ? step : null, String(shift))
    for (const none of ['', '12345', '1234567', 'abcdef', '１２３４５６', `${code} `])
      assert.equal(stepOf(secret, none, NOW), null)
  })

  it('come of 160 random bits, and a link that apps read', () => {
    const secret = newTotpSecret(random)
    assert.match(secret, /^[A-Z2-7]{32}$/)
    assert.notEqual(newTotpSecret(random), secret)
    const uri = new URL(totpUri(secret, 'ada', 'captcha.example.org'))
    assert.equal(uri.searchParams.get('secret'), secret)
    assert.equal(uri.searchParams.get('issuer'), 'One Captcha captcha.example.org')
  })
})

describe('recovery codes', () => {
  it('are ten of 80 random bits [ASVS 6.5.2, 6.5.3]', () => {
    const codes = newRecoveryCodes(random)
    assert.equal(new Set(codes).size, 10)
    for (const code of codes)
      assert.match(code, /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  })

  it('are read as people write them', () => {
    assert.equal(readRecoveryCode(' 0OI1-lab C defg HJKM '), '0011-1abc-defg-hjkm')
    for (const none of [
      '',
      'abc',
      '0011-1abc-defg-hjk',
      '0011-1abc-defg-hjkmm',
      'u011-1abc-defg-hjkm',
    ])
      assert.equal(readRecoveryCode(none), null)
  })
})
