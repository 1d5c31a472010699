import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { STATUS } from '../../src/core/bad-request.ts'
import type { RefusedReason } from '../../src/core/outcome.ts'
import { hcaptcha } from '../../src/dialects/hcaptcha.ts'
import { oneCaptcha } from '../../src/dialects/one-captcha.ts'
import { RECAPTCHA_CODES, recaptcha } from '../../src/dialects/recaptcha.ts'
import { turnstile } from '../../src/dialects/turnstile.ts'
import { textOf } from './blocks.ts'

const FILE = 'docs/errors.md'

/** The rows of a section's tables, as the words in each cell. */
function rowsOf(section: string): string[][] {
  const text = textOf(FILE).split(`\n## ${section}\n`)[1]?.split('\n## ')[0]
  assert.ok(text, `${FILE} has a section “${section}”`)
  return text
    .split('\n')
    .filter((line) => /^\| /.test(line) && !/^\| -/.test(line))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(([first]) => !/^(code|status|ours)$/.test(first!) && first !== '`reason`')
}

const codesIn = (cell: string) => [...cell.matchAll(/`([\w-]+)`/g)].map((found) => found[1]!)
const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

/** The texts that are quoted in a piece of a source file. */
function quoted(file: string, from: RegExp): string[] {
  const piece = from.exec(textOf(file))?.[0]
  assert.ok(piece, `${file} has ${from}`)
  return [...piece.matchAll(/'([\w-]+)'/g)].map((found) => found[1]!)
}

describe('docs/errors.md', () => {
  it('has every code of the HTTP API with its status, and no other', () => {
    const shown = rowsOf('From the HTTP API').map(
      ([status, code]) => [codesIn(code!)[0], Number(status)] as const,
    )
    const ours = [
      ...Object.entries(STATUS),
      // These are nobody's mistake, or are found before there is a request.
      ...[['internal-error', 500] as const, ['request-too-slow', 408] as const],
      ...[['ledger-unavailable', 503] as const, ['store-unavailable', 503] as const],
    ]
    assert.deepEqual(shown.map(String).sort(), ours.map(String).sort())
    const told = ['src/server/errors.ts', 'src/server/app.ts'].flatMap((file) => [
      ...textOf(file).matchAll(/'([a-z]+(?:-[a-z]+)*-(?:unavailable|error|slow|large|allowed))'/g),
    ])
    assert.ok(told.length > 5)
    const names = shown.map(([code]) => code)
    for (const [, code] of told) assert.ok(names.includes(code), code)
  })

  it('has every reason of siteverify, in the words of each dialect', () => {
    const shown = rowsOf('From siteverify').map((row) =>
      row.slice(0, 4).map((cell) => codesIn(cell)[0]),
    )
    const ours = (Object.keys(RECAPTCHA_CODES) as RefusedReason[]).map((reason) => {
      const finding = { passed: false, reason, token: null } as never
      const codeOf = (written: Record<string, unknown>) => (written['error-codes'] as string[])[0]
      assert.equal(codeOf(oneCaptcha.write(finding)), codeOf(recaptcha.write(finding)))
      const dialects = [oneCaptcha, hcaptcha, turnstile]
      return [reason, ...dialects.map((dialect) => codeOf(dialect.write(finding)))]
    })
    assert.deepEqual(shown.map(String).sort(), ours.map(String).sort())
  })

  it('has every code of the widget’s own', () => {
    const [network] = quoted('src/widget/client.ts', /NETWORK = .*/)
    const ends = quoted('src/widget/captcha.ts', /end\('challenge-expired'[\s\S]*$/).filter(
      (name) => /^challenge-/.test(name),
    )
    const shown = rowsOf('From the widget').flatMap(([codes]) => codesIn(codes!))
    for (const code of [network!, 'unsupported', ...ends]) assert.ok(shown.includes(code), code)
    const known = [...ends, network, 'unsupported', ...Object.keys(STATUS)]
    for (const code of shown) assert.ok(known.includes(code), code)
  })

  it('has every reason of the package for JavaScript', () => {
    const ours = quoted('sdk/src/reply.ts', /type UnavailableReason =[\s\S]*?\n\n/)
    const shown = rowsOf('From the package for JavaScript').map(([reason]) => codesIn(reason!)[0]!)
    assert.deepEqual(sorted(shown), sorted(ours))
  })

  it('has every word that other CAPTCHAs’ pages hear', () => {
    const text = textOf(FILE).split('\n## In others')[1]!
    const vendors = [
      ...quoted('src/widget/compat/hcaptcha.ts', /const WORDS[\s\S]*?\n}/),
      ...quoted('src/widget/compat/hcaptcha.ts', /const REASONS[\s\S]*?\n}/),
      ...quoted('src/widget/compat/turnstile.ts', /const CODES[\s\S]*?\n}\n[\s\S]*?\n}/),
    ].filter((word) => word !== 'challenge-reset')
    assert.ok(vendors.length > 12)
    for (const word of vendors) assert.ok(text.includes(`\`${word}\``), word)
  })

  it('is what other documents’ lists are taken from', () => {
    const known = sorted(codesIn(textOf(FILE)))
    for (const [file, heading] of [
      ['docs/protocol.md', '## Errors of the first two'],
      ['docs/management.md', '## Mistakes and limits'],
    ] as const) {
      const rows = textOf(file)
        .split(heading)[1]!
        .match(/^\| \d.*$/gm)!
      const codes = rows
        .flatMap((row) => codesIn(row))
        .filter((code) => /^[a-z]+(-[a-z]+)+$/.test(code))
      assert.ok(codes.length > 10)
      for (const code of codes) assert.ok(known.includes(code), `${file}: ${code}`)
    }
  })
})
