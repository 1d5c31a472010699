import { BadRequest } from '../core/bad-request.ts'
import { assertPolicy, type Policy, PolicyError } from '../core/policy.ts'
import { MODES, type Mode, readHost } from '../core/site.ts'
import type { SiteSettings } from '../store/store.ts'

const NAME_MAX = 80
const HOSTS_MAX = 100
const HOST_CHARS_MAX = 260

/** What could make a name look like another, or break out of its line: controls, bidi marks and overrides, invisible tags. */
const TRICKS =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u

const POLICY_FIELDS = [
  'effortFloor',
  'effortCeiling',
  'waitMs',
  'tokenLifeMs',
  'kinds',
  'theme',
  'onFailure',
  'noscriptPerHour',
] as const satisfies readonly (keyof Policy)[]

/** What of a site is wished otherwise, read field by field: nothing else of what was sent goes any further. */
export function readSettings(
  wish: Partial<SiteSettings>,
  kinds: readonly string[],
): Partial<SiteSettings> {
  const read: Partial<SiteSettings> = {}
  if (wish.name !== undefined) read.name = readName(wish.name)
  if (wish.hosts !== undefined) read.hosts = readHosts(wish.hosts)
  if (wish.mode !== undefined) read.mode = readMode(wish.mode)
  return { ...read, ...readPolicy(wish, kinds) }
}

/** A name that somebody gave something, in one spelling. Throws `field-invalid`. */
export function readName(input: string, field = 'name'): string {
  const name = typeof input === 'string' ? input.normalize('NFC').trim() : null
  if (name !== null && [...name].length <= NAME_MAX && !TRICKS.test(name)) return name
  throw new BadRequest(
    'field-invalid',
    `${field} must be at most ${NAME_MAX} characters, all of them visible ones in one line.`,
    field,
  )
}

/** A text of several lines, trimmed. Throws `field-invalid` if it is too long, or empty where it must not be. */
export function readText(input: string, field: string, max: number, empty = false): string {
  const text =
    typeof input === 'string' ? input.normalize('NFC').replace(/\r\n?/g, '\n').trim() : null
  const visible = text !== null && !TRICKS.test(text.replace(/[\n\t]/g, ''))
  if (visible && [...text].length <= max && (empty || text !== '')) return text
  throw new BadRequest(
    'field-invalid',
    `${field} must be ${empty ? 'at most' : '1 to'} ${max} visible characters.`,
    field,
  )
}

function readHosts(inputs: readonly string[]): string[] {
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > HOSTS_MAX) {
    throw new BadRequest('field-invalid', `hosts must be 1 to ${HOSTS_MAX} host names.`, 'hosts')
  }
  const hosts = inputs.map((input: unknown) => {
    const host = typeof input === 'string' && input.length <= HOST_CHARS_MAX && readHost(input)
    if (host) return host
    throw new BadRequest(
      'field-invalid',
      'hosts must be host names alone, such as example.org, *.example.org, localhost or 127.0.0.1.',
      'hosts',
    )
  })
  return [...new Set(hosts)]
}

function readMode(input: Mode): Mode {
  if (MODES.includes(input)) return input
  throw new BadRequest('field-invalid', `mode must be one of ${MODES.join(', ')}.`, 'mode')
}

function readPolicy(wish: Partial<Policy>, kinds: readonly string[]): Partial<Policy> {
  const given = POLICY_FIELDS.filter((field) => wish[field] !== undefined)
  const policy: Partial<Policy> = Object.fromEntries(given.map((field) => [field, wish[field]]))
  if (policy.kinds !== undefined) {
    const known = Array.isArray(policy.kinds) && policy.kinds.every((kind) => kinds.includes(kind))
    if (!known) {
      throw new BadRequest(
        'field-invalid',
        `kinds must be some of ${kinds.join(', ')}, or none for any.`,
        'kinds',
      )
    }
    policy.kinds = [...new Set(policy.kinds)]
  }
  inFields(() => assertPolicy(policy))
  return policy
}

/** Does something whose `PolicyError`s are the mistakes of whoever asks for it. */
function inFields<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw asFieldError(error)
  }
}

/** A policy that cannot be, as the mistake in a field; anything else as it is. */
export function asFieldError(error: unknown): unknown {
  return error instanceof PolicyError
    ? new BadRequest('field-invalid', error.message, error.field)
    : error
}

/** Throws `field-invalid` unless this is a whole number within limits. */
export function assertWhole(value: number, field: string, from: number, to: number): void {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return
  throw new BadRequest(
    'field-invalid',
    `${field} must be a whole number from ${from} to ${to}.`,
    field,
  )
}

/** Throws `field-invalid` unless this is one of the choices. */
export function assertChoice(value: string, field: string, choices: readonly string[]): void {
  if (choices.includes(value)) return
  throw new BadRequest('field-invalid', `${field} must be one of ${choices.join(', ')}.`, field)
}
