import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { readConfig } from '../config.ts'
import { securityExpiry, securityTxt } from './well-known.ts'

const STARTED_AT = Date.parse('2026-11-26T05:00:00.123Z')
const HALF_YEAR_MS = 182 * 86_400_000

/** Reads it as RFC 9116 says, and nothing else. */
function fieldsOf(text: string): [name: string, value: string][] {
  assert.ok(text.endsWith('\n'))
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const [, name, value] = /^([A-Z][A-Za-z-]*): (\S.*)$/.exec(line)!
      return [name!, value!]
    })
}

const said = (env: Record<string, string>) => securityTxt(readConfig(env), STARTED_AT)

describe('security.txt (RFC 9116)', () => {
  it('says whom to tell, until when, in which language, and where it stands', () => {
    const fields = fieldsOf(
      said({
        ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org',
        ONE_CAPTCHA_SECURITY_CONTACT: 'security@example.org',
        ONE_CAPTCHA_SECURITY_EXPIRES: '2027-01-31',
      })!,
    )
    assert.deepEqual(fields, [
      ['Contact', 'mailto:security@example.org'],
      ['Contact', 'https://captcha.example.org/feedback?kind=security'],
      ['Expires', '2027-01-31T23:59:59Z'],
      ['Preferred-Languages', 'en'],
      ['Canonical', 'https://captcha.example.org/.well-known/security.txt'],
      ['Policy', 'https://captcha.example.org/feedback?kind=security'],
    ])
  })

  it('ends half a year after the day on which it is read, where no day is set', () => {
    const text = said({ ONE_CAPTCHA_CONTACT: 'https://example.org/contact' })!
    const fields = new Map(fieldsOf(text))
    assert.equal(fields.get('Contact'), 'https://example.org/contact')
    const today = STARTED_AT - (STARTED_AT % 86_400_000)
    assert.equal(Date.parse(fields.get('Expires')!), today + HALF_YEAR_MS)
    assert.equal(securityExpiry(readConfig({}), STARTED_AT), today + HALF_YEAR_MS)
  })

  it('is not there where there is nobody to tell, and names no form that is off or not over https', () => {
    assert.equal(said({}), null)
    assert.equal(said({ ONE_CAPTCHA_PUBLIC_URL: 'http://localhost:8787' }), null)
    assert.equal(
      said({ ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org', ONE_CAPTCHA_FEEDBACK: 'off' }),
      null,
    )
    assert.doesNotMatch(
      said({
        ONE_CAPTCHA_CONTACT: 'a@example.org',
        ONE_CAPTCHA_PUBLIC_URL: 'http://localhost:8787',
      })!,
      /localhost/,
    )
  })
})
