/** Every code that a stranger's mistake can have. The code is a promise; the message may improve. */
export type BadRequestCode = keyof typeof STATUS

/** The HTTP status that each code comes with. */
export const STATUS = {
  'body-invalid': 400,
  'field-invalid': 400,
  'sitekey-missing': 400,
  'sitekey-unknown': 400,
  'challenge-invalid': 400,
  'reply-invalid': 400,
  'key-invalid': 401,
  'host-not-allowed': 403,
  forbidden: 403,
  'proof-needed': 403,
  'token-invalid': 403,
  'terms-not-accepted': 403,
  'account-suspended': 403,
  'site-suspended': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'challenge-spent': 409,
  'last-owner': 409,
  'last-secret': 409,
  'last-operator': 409,
  'limit-reached': 409,
  'feedback-closed': 409,
  'maintenance-over': 409,
  'incident-resolved': 409,
  'challenge-expired': 410,
  'revision-outdated': 412,
  'body-too-large': 413,
  'content-type-unsupported': 415,
  'personal-data': 422,
  'too-many-requests': 429,
  'headers-too-large': 431,
  /** Nobody's mistake: it was announced that nothing can be had just now. */
  maintenance: 503,
} as const

/** All of them. */
export const CODES = Object.keys(STATUS) as readonly BadRequestCode[]

/** The HTTP status that goes with a code. */
export function statusOf(code: BadRequestCode): number {
  return STATUS[code]
}

/** A stranger's mistake. Becomes a response in one place, `server/errors.ts`. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly code: BadRequestCode
  readonly status: number
  /** The field at fault, if it is one. */
  readonly field: string | undefined
  /** After how many seconds it may be tried again, if ever. */
  retryAfterS: number | undefined
  /** Until when it will be so, in epoch milliseconds, where that is known. */
  until: number | undefined

  /** @param message what is wrong and what to do; never holds what the stranger sent */
  constructor(code: BadRequestCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.status = STATUS[code]
    this.field = field
  }
}
