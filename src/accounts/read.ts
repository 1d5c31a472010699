import { BadRequest } from '../core/bad-request.ts'
import { plain } from './passwords.ts'
import { isCommon } from './weakness.ts'

const PASSWORD_CHARS_MIN = 12
const PASSWORD_CHARS_MAX = 128
const EMAIL_CHARS_MAX = 254
const NAME_CHARS_MAX = 60

/** Names that people would take for the service's own; the log says `you` to whoever reads it. */
const OURS =
  /^(you|cli|service|reporter|console|one-?captcha|captcha|operator|support|security|abuse|postmaster|hostmaster|webmaster)$/

/** A login in the form in which it is kept; null if it is none. */
export function plainLogin(input: string): string | null {
  // NFKC first: a full-width A is an A. What is left that is no letter of ASCII could look like one, and is refused.
  const login = input.slice(0, 200).normalize('NFKC').trim().toLowerCase()
  // An account is named by its login or its id: neither may look like the other.
  return /^[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]$/.test(login) && !login.startsWith('acc_')
    ? login
    : null
}

/** A login for a new account. Throws for what is none. */
export function readLogin(input: string, isOperator: boolean): string {
  const login = plainLogin(input)
  if (login === null) {
    throw wrong(
      'login',
      'A login has 3 to 32 letters a to z, digits, dots, hyphens and underscores, and begins and ends with a letter or digit.',
    )
  }
  if (OURS.test(login.replaceAll('0', 'o').replaceAll('1', 'l')) && !isOperator)
    throw wrong('login', 'This login is taken. Please choose another.')
  return login
}

/** A new password. Throws for what is none, and for what everybody would try first. */
export function readPassword(input: string, names: readonly string[]): string {
  const password = plain(input)
  const chars = [...password].length
  if (chars < PASSWORD_CHARS_MIN || chars > PASSWORD_CHARS_MAX) {
    throw wrong(
      'password',
      `A password has ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters, of any sort. A few words in a row are good.`,
    )
  }
  if (isCommon(password, names)) {
    throw wrong(
      'password',
      'This password is among the first that others would try. Please choose another, such as a few words in a row.',
    )
  }
  return password
}

/** An address for mail. Throws for what is none; whether it is somebody's, a mail to it will show. */
export function readEmail(input: string): string {
  const email = input.trim().normalize('NFC')
  // No blanks, controls, brackets, commas or quotes: nothing that a header or a mail server could take for something else.
  const ok =
    /^[^\s@<>()[\],;:\\"\p{C}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u
  if (email.length > EMAIL_CHARS_MAX || !ok.test(email)) {
    throw wrong('email', 'This is no address for mail, such as ada@example.org.')
  }
  return email
}

/** What somebody calls a key. */
export function readName(input: string): string {
  const name = input.normalize('NFC').replace(/\p{C}/gu, '').trim()
  if (name === '' || [...name].length > NAME_CHARS_MAX) {
    throw wrong('name', `A name has 1 to ${NAME_CHARS_MAX} characters.`)
  }
  return name
}

export function wrong(field: string, message: string): BadRequest {
  return new BadRequest('field-invalid', message, field)
}
