import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { BadRequest } from '../core/bad-request.ts'
import { plainLogin, readEmail, readLogin, readName, readPassword } from './read.ts'

const isRefused = (field: string) => (error: unknown) =>
  error instanceof BadRequest && error.code === 'field-invalid' && error.field === field

describe('a login', () => {
  it('is the same in whatever case and width', () => {
    for (const input of ['Ada.Lovelace', ' ada.lovelace ', 'ＡＤＡ.lovelace'])
      assert.equal(plainLogin(input), 'ada.lovelace')
  })

  it('is nothing that looks like another, or like an id', () => {
    const short = ['', 'ab', 'a'.repeat(33), '.ada', 'ada-', 'a da', 'a\u0000da', 'a\nda']
    const strange = ['аda' /* Cyrillic */, 'adä', 'acc_ada', 'ada@example.org', '<b>', "a'or'1"]
    for (const input of [...short, ...strange])
      assert.equal(plainLogin(input), null, JSON.stringify(input))
    assert.throws(() => readLogin('ad', false), isRefused('login'))
    for (const ours of ['Support', 'supp0rt', 'y0u', 'c1i'])
      assert.throws(() => readLogin(ours, false), isRefused('login'), ours)
    assert.equal(readLogin('operator', true), 'operator')
  })
})

describe('a new password', () => {
  it('has 12 to 128 characters as people count them [ASVS 6.2.1, 6.2.9]', () => {
    const good = 'gz4 kx'
    assert.throws(() => readPassword('vT7q-wm2Kx0', []), isRefused('password'))
    assert.equal(readPassword('vT7q-wm2Kx0p', []), 'vT7q-wm2Kx0p')
    const longest = Array.from({ length: 22 }, (_, i) => good + i)
      .join('')
      .slice(0, 128)
    assert.equal(readPassword(longest, []).length, 128)
    assert.throws(() => readPassword(`${longest}x`, []), isRefused('password'))
    assert.ok(readPassword('🦊🐢🦉🐳🦔🐝🦜🐙🦩🐌🦚🐞', []))
    assert.throws(() => readPassword('🦊🐢🦉🐳🦔🐝🦜🐙🦩🐌🦚', []), isRefused('password'))
  })

  it('may be of any characters, blanks at its ends too, and is cut nowhere [ASVS 6.2.5, 6.2.8]', () => {
    for (const password of [
      '  seven blue whales  ',
      'мой дядя самых честных',
      '<>&"\'\\;--/*%00',
    ]) {
      assert.equal(readPassword(password, []), password)
    }
  })
})

describe('an address for mail', () => {
  it('is one, and no way into a header [ASVS 1.3.11]', () => {
    for (const email of ['ada@example.org', 'a.b+c@x-y.example.co.uk', 'ада@пример.рф'])
      assert.equal(readEmail(` ${email} `), email)
    for (const email of [
      '',
      'ada',
      'ada@',
      '@example.org',
      'ada@example',
      'ada@@example.org',
      'ada@example.org\r\nBcc: eve@example.org',
      'ada@example.org\nX: y',
      'ada@example.org, eve@example.org',
      'ada@example.org;eve@example.org',
      '"ada"@example.org',
      'Ada <ada@example.org>',
      'ada\u0000@example.org',
      'ada@exam\u2028ple.org',
      'ada\u202e@example.org',
      'ada(x)@example.org',
      'ada@[127.0.0.1]',
      'ada@-example.org',
      `${'a'.repeat(65)}@example.org`,
      `ada@${'a.'.repeat(130)}org`,
    ])
      assert.throws(() => readEmail(email), isRefused('email'), email)
  })
})

describe('a name', () => {
  it('is short, and has nothing that cannot be seen', () => {
    assert.equal(readName(' my\u0000 phone\u202e '), 'my phone')
    for (const name of ['', ' ', '\u200e', 'x'.repeat(61)])
      assert.throws(() => readName(name), isRefused('name'))
  })
})
