import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { findPersonal, type PersonalKind, piecesOf, redact } from './personal.ts'

/** What must be found: the text, the kind, and the piece of it. All of them are examples from standards and manuals. */
const PERSONAL: [kind: PersonalKind, text: string, piece: string][] = [
  ['email', 'Write to ada@example.org, please.', 'ada@example.org'],
  ['email', 'ada.lovelace+captcha@mail.example.co.uk', 'ada.lovelace+captcha@mail.example.co.uk'],
  ['email', '(ada@example.org)', 'ada@example.org'],
  ['email', 'mailto:ada@example.org.', 'ada@example.org'],
  ['email', "It said 'ada@example.org' was wrong", 'ada@example.org'],
  ['email', 'ada [at] example [dot] org', 'ada [at] example [dot] org'],
  ['email', 'ada(at)example.org', 'ada(at)example.org'],
  ['email', '联系 用户@例子.公司 谢谢', '用户@例子.公司'],
  ['email', 'ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ', 'ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ'],
  ['phone', 'Call +44 20 7946 0958 now', '+44 20 7946 0958'],
  ['phone', '+1 (555) 123-4567', '+1 (555) 123-4567'],
  ['phone', '0049 171 1234567', '0049 171 1234567'],
  ['phone', 'It is 555-234-5678.', '555-234-5678'],
  ['phone', '(555) 234-5678', '(555) 234-5678'],
  ['phone', '555.234.5678', '555.234.5678'],
  ['phone', '06 12 34 56 78', '06 12 34 56 78'],
  ['phone', '0171 1234567', '0171 1234567'],
  ['phone', '030/12345678', '030/12345678'],
  ['phone', '020 7946 0958', '020 7946 0958'],
  ['phone', '我的手机13912345678,谢谢', '13912345678'],
  ['phone', '139 1234 5678', '139 1234 5678'],
  ['phone', 'tel: 1234567', '1234567'],
  ['phone', '电话：12345678', '12345678'],
  ['phone', '+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨', '+٤٤ ٢٠ ٧٩٤٦ ٠٩٥٨'],
  ['card', 'My card 4111 1111 1111 1111 was charged', '4111 1111 1111 1111'],
  ['card', '4111-1111-1111-1111', '4111-1111-1111-1111'],
  ['card', '378282246310005', '378282246310005'],
  ['card', '5555555555554444', '5555555555554444'],
  ['card', '6011 1111 1111 1117 12/29', '6011 1111 1111 1117'],
  ['card', 'Nr 1234 4111 1111 1111 1111 35', '4111 1111 1111 1111'],
  ['iban', 'DE89 3704 0044 0532 0130 00', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'GB82WEST12345698765432', 'GB82WEST12345698765432'],
  ['iban', 'to FR14 2004 1010 0505 0001 3M02 606 thanks', 'FR14 2004 1010 0505 0001 3M02 606'],
  ['iban', 'to nl91 abna 0417 1643 00 or so', 'nl91 abna 0417 1643 00'],
  ['id', 'My SSN is 078-05-1120', '078-05-1120'],
  ['id', '身份证11010519491231002X。', '11010519491231002X'],
  ['id', 'CPF 529.982.247-25', '529.982.247-25'],
  ['id', 'DNI 12345678Z', '12345678Z'],
  ['id', 'NIE X1234567L', 'X1234567L'],
  ['id', 'RSSMRA85T10A562S', 'RSSMRA85T10A562S'],
  ['id', '2 55 08 14 168 025 38', '2 55 08 14 168 025 38'],
  ['id', '2341 2341 2346', '2341 2341 2346'],
  ['ip', 'from 198.51.100.77 it fails', '198.51.100.77'],
  ['ip', '198.51.100.77:8080', '198.51.100.77'],
  ['ip', 'http://198.51.100.77/x', '198.51.100.77'],
  ['ip', '[2001:db8:dead:beef::77]', '2001:db8:dead:beef::77'],
  ['ip', '2001:0db8:0000:0000:0000:ff00:0042:8329', '2001:0db8:0000:0000:0000:ff00:0042:8329'],
]

/** What must be left alone: numbers that are somebody's work, not somebody. */
const HARMLESS = [
  'Order 10023456789 did not arrive.',
  'Order no. 555-234-5678',
  'See issue #13912345678',
  '订单号：13912345678',
  'Invoice 2026-000123',
  'ISBN 978-3-16-148410-0',
  'Version 1.2.3.4 is broken',
  'v10.20.30.40',
  'Chrome/120.0.60.109',
  'Chrome 120.0.6099.109 and Firefox 133.0',
  'left-pad@1.3.0 and @types/node@24.1.0',
  'git@github.com:someone/something.git',
  'On 2026-11-26 at 10:30:45 it stopped',
  'On 26.11.2026 10:30 and 26/11/2026',
  'On 01-02-2024 10 20',
  '2026-11-26T10:30:45.123Z',
  '1700000000000 ms since 1970, or 1700000000 s',
  'It takes 12,345,678.90 ms',
  'localhost 127.0.0.1:8787 and 192.168.1.10 and 10.0.0.1',
  '::1 and fe80::1 and std::vector and a::b',
  'The MAC aa:bb:cc:dd:ee:ff',
  'sha 3f2a9c1d7e8b4f6a0c5d2e1f',
  '550e8400-e29b-41d4-a716-446655440000',
  '4111 1111 1111 1112',
  '0000 0000 0000 0000',
  'DE88 3704 0044 0532 0130 00',
  '529.982.247-26',
  '12345678A',
  '110105194912310021',
  '666-05-1120 and 000-12-3456',
  'clause 2.3.1 and 5.1.2.3',
  'error 404, 500 or 503; HTTP 1.1',
  '60 % of 1,000,000 visitors',
  'me @ home, you @ work',
  'π ≈ 3.14159265358979323846',
  '',
]

describe('what looks personal', () => {
  it.each(PERSONAL)('is found: %s in “%s”', (kind, text, piece) => {
    const found = findPersonal(text)
    assert.deepEqual(
      found.map((one) => [one.kind, text.slice(one.from, one.to)]),
      [[kind, piece]],
    )
  })

  it.each(HARMLESS)('is not seen in what is not: “%s”', (text) => {
    assert.deepEqual(
      findPersonal(text).map(({ kind, from, to }) => [kind, text.slice(from, to)]),
      [],
    )
  })

  it('is taken out piece by piece, and nothing else is', () => {
    const text = 'I am ada@example.org (+44 20 7946 0958).\nCard: 4111 1111 1111 1111!'
    assert.equal(
      redact(text, findPersonal(text)),
      'I am [e-mail address removed] ([phone number removed]).\nCard: [payment card number removed]!',
    )
  })

  it('is gone for good: what is left has nothing more to find', () => {
    const all = PERSONAL.map(([, text]) => text).join('\n')
    const left = redact(all, findPersonal(all))
    assert.deepEqual(findPersonal(left), [])
    for (const [, , piece] of PERSONAL) assert.ok(!left.includes(piece), piece)
  })

  it('never moves or loses a character of the rest, whatever the text', () => {
    fc.assert(
      fc.property(textOf(), (text) => {
        const findings = findPersonal(text)
        let at = 0
        for (const { from, to } of findings) {
          assert.ok(from >= at && to > from && to <= text.length)
          at = to
        }
        const pieces = piecesOf(text, findings)
        assert.equal(pieces.map((piece) => piece.text).join(''), text)
      }),
      { numRuns: 500 },
    )
  })

  it('is looked for in as little time as there is text, also in what was made to take long', () => {
    const bits = ['a', '0', '1', '9', '@', '.', '-', ' ', ':', '+', '(', 'at', 'dot', '1-', '0 ']
    bits.push('a@a.', '::', '1.1', 'DE89 ', '4111 ', '00 ', 'tel ', '#', 'ａ', '٤', '\0', '[at]')
    const hard = bits.flatMap((bit) => [
      bit.repeat(4_000).slice(0, 4_000),
      ...bits.map((other) => (bit + other).repeat(2_000).slice(0, 4_000)),
    ])
    let slowest = 0
    for (const text of hard) {
      const startedAt = performance.now()
      findPersonal(text)
      slowest = Math.max(slowest, performance.now() - startedAt)
    }
    // A few milliseconds on a quiet machine; a backtracking expression would take minutes.
    assert.ok(slowest < 500, `the slowest took ${Math.round(slowest)} ms`)
  })
})

/** Texts of the characters that the rules look at. */
function textOf() {
  return fc.string({
    unit: fc.constantFrom(...'a1@.-+() :0XZ4é٤９\0\n#', '[at]', '198.51.100.77', 'DE89', '4111 '),
    maxLength: 200,
  })
}
