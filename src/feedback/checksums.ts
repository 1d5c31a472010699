/** Numbers that check themselves: what does not hold is no such number, and nobody is troubled about it. */

const plain = (text: string) => text.replace(/[ -]/g, '').toUpperCase()

/** Payment cards: the issuers' beginnings, and Luhn's sum (ISO/IEC 7812). */
export function isCard(text: string): boolean {
  const digits = plain(text)
  if (!/^(?:4|5[0-8]|2[2-7]|3[0-9]|6)/.test(digits) || /^(\d)\1+$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.at(-1 - i))
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** How long each country's IBANs are. */
const IBAN_CHARS = new Map(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 TN24 TR26 UA29 VA22 VG24 XK20'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** Bank accounts (ISO 13616): as long as their country's are, and 1 modulo 97. */
export function isIban(text: string): boolean {
  const iban = plain(text)
  return (
    IBAN_CHARS.get(iban.slice(0, 2)) === iban.length &&
    mod97(iban.slice(4) + iban.slice(0, 4)) === 1
  )
}

function mod97(text: string): number {
  let rest = 0
  for (const char of text) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

/** Mainland China's resident identity number (GB 11643): a day of birth, and ISO 7064's mod 11-2. */
export function isChineseId(text: string): boolean {
  const id = plain(text)
  if (!isDay(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))))
    return false
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(id[i]) * (2 ** (17 - i) % 11)
  return '10X98765432'[sum % 11] === id[17]
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return (
    year >= 1900 && year < 2100 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  )
}

/** The United States' social security number: it has no checksum, but some numbers are never given out. */
export function isSsn(text: string): boolean {
  const [, area, group, serial] = /^(\d{3})[- ](\d{2})[- ](\d{4})$/.exec(text) ?? []
  return (
    area !== '000' &&
    area !== '666' &&
    !area!.startsWith('9') &&
    group !== '00' &&
    serial !== '0000'
  )
}

/** Brazil's CPF: two check digits. */
export function isCpf(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].map(Number)
  if (new Set(digits).size === 1) return false
  const check = (count: number) => {
    const sum = digits.slice(0, count).reduce((all, digit, i) => all + digit * (count + 1 - i), 0)
    return ((sum * 10) % 11) % 10
  }
  return check(9) === digits[9] && check(10) === digits[10]
}

/** Spain's DNI and NIE: the letter follows from the number. */
export function isDni(text: string): boolean {
  const id = plain(text)
  if (id.length !== 9) return false
  const number = Number(id.slice(0, 8).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))))
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === id[8]
}

const ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

/** Italy's codice fiscale: its last letter follows from the others. */
export function isCodiceFiscale(text: string): boolean {
  const id = text.toUpperCase()
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const char = id[i]!
    const value = /\d/.test(char) ? Number(char) : char.charCodeAt(0) - 65
    sum += i % 2 === 0 ? ODD[value]! : value
  }
  return String.fromCharCode(65 + (sum % 26)) === id[15]
}

/** France's number of social security: 97 less the rest of the first thirteen digits; Corsica's departments have letters. */
export function isNir(text: string): boolean {
  const id = plain(text)
  const body = id.slice(0, 13).replace('2A', '19').replace('2B', '18')
  if (!/^\d{13}$/.test(body)) return false
  return 97 - Number(BigInt(body) % 97n) === Number(id.slice(13))
}

/** Verhoeff's tables. */
const TURN = (a: number, b: number) => {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5)
  return b < 5 ? 5 + ((a - 5 - b + 5) % 5) : (a - b + 5) % 5
}
const STIR = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

/** India's Aadhaar: Verhoeff's check digit. */
export function isAadhaar(text: string): boolean {
  let check = 0
  const digits = [...plain(text)].reverse().map(Number)
  digits.forEach((digit, place) => {
    let stirred = digit
    for (let i = 0; i < place % 8; i++) stirred = STIR[stirred]!
    check = TURN(check, stirred)
  })
  return check === 0
}
