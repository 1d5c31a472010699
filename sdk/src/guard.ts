import { addressOf, type Finding, type VerifyOptions, verify } from './verify.ts'

export type { Finding, Passed, Refused, Unavailable } from './verify.ts'

/** What all frameworks take. */
export interface GuardOptions extends VerifyOptions {
  /** The form's field with the token. */
  field?: string | undefined
}

/** What is told to who does not pass: it says why, and nothing of the secret or the service. */
export interface Refusal {
  error: 'captcha-refused' | 'captcha-unavailable'
  reason: string
}

const FIELD = 'one-captcha-response'
/** A form's text is read for its token alone up to here. */
const BODY_BYTES_MAX = 1_048_576

/** Judges the fields of a request: a parsed body, a `FormData`, or nothing. */
export type Guard = (fields: unknown, signal?: AbortSignal) => Promise<Finding>

/** The one function behind all frameworks. Misuse is thrown here, when the program starts. */
export function guard(options: GuardOptions): Guard {
  addressOf(options)
  const { field = FIELD, ...rest } = options
  return (fields, signal) =>
    verify(tokenOf(fields, field), { ...rest, signal: signal ?? rest.signal })
}

/** The token among a request's fields, as it came; undefined if there is none. */
export function tokenOf(fields: unknown, field = FIELD): unknown {
  if (typeof fields !== 'object' || fields === null) return undefined
  if (fields instanceof FormData || fields instanceof URLSearchParams) {
    const all = fields.getAll(field)
    // Given twice, it is nobody's to choose which one counts.
    return all.length > 1 ? all : all[0]
  }
  if (!Object.hasOwn(fields, field)) return undefined
  const value = (fields as Record<string, unknown>)[field]
  // How some parsers of multipart bodies wrap a text.
  const wrapped = typeof value === 'object' && value !== null && 'value' in value
  return wrapped ? value.value : value
}

/** The fields of a web `Request`, whose body stays unread for the handler; null if it is no form and no JSON. */
export async function fieldsOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
    // A large upload is not held twice: its handler reads the form, and asks `verify` itself.
    return null
  }
  try {
    const copy = request.clone()
    if (/^application\/json\b/i.test(type)) return await copy.json()
    return /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)
      ? await copy.formData()
      : null
  } catch {
    return null
  }
}

export function refusalOf(finding: Finding): Refusal {
  return finding.outcome === 'unavailable'
    ? { error: 'captcha-unavailable', reason: finding.reason }
    : { error: 'captcha-refused', reason: finding.outcome === 'refused' ? finding.reason : '' }
}
