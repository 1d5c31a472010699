import { PREFIXES } from '../keys.ts'
import { fieldsOf } from '../store/purposes.ts'
import type { Schema } from '../store/schema.ts'
import { FORMS } from './words.ts'

/** Something that nobody else should know, and how it is guarded. */
export interface Secret {
  what: string
  /** How it begins, where we make it; '' where it has no mark. */
  prefix: string
  /** Where it is kept. */
  field: `${keyof Schema}.${string}`
  ends: string
}

export const SECRETS: readonly Secret[] = [
  {
    ...{ what: 'A site’s secret', prefix: PREFIXES.secret, field: 'site_secrets.hash' },
    ends: 'when it is replaced, after an overlap that you choose, which may be none; or when you end it',
  },
  {
    ...{ what: 'A key to the management API', prefix: PREFIXES.apiKey, field: 'api_keys.hash' },
    ends: 'on its day, when you end it, or with the account',
  },
  {
    ...{ what: 'An invitation', prefix: PREFIXES.invitation, field: 'invitations.hash' },
    ends: 'when it is used, on its day, or when it is taken back',
  },
  {
    ...{ what: 'The code to an answer', prefix: PREFIXES.receipt, field: 'feedback.receipt_hash' },
    ends: 'with the feedback, or when it is reported',
  },
  {
    ...{ what: 'A session’s cookie', prefix: '', field: 'sessions.hash' },
    ends: 'when you log out, end it from another, change the password, or after 12 hours without use',
  },
  {
    ...{ what: 'A password', prefix: '', field: 'accounts.password' },
    ends: 'when it is changed: all other sessions end with it',
  },
  {
    ...{ what: 'The secret of an app’s codes', prefix: '', field: 'accounts.totp_sealed' },
    ends: 'when you turn codes off',
  },
  {
    ...{ what: 'A recovery code', prefix: '', field: 'recovery_codes.hash' },
    ends: 'when it is used, or others are made',
  },
  {
    ...{ what: 'The secret of a webhook', prefix: 'whsec_', field: 'webhooks.secret_sealed' },
    ends: 'with the webhook',
  },
]

/** How a secret is kept, as its field says. */
export function howKept({ field }: Secret): string {
  const [table, column] = field.split('.') as [keyof Schema, string]
  const { what, form } = fieldsOf(table).find((one) => one.column === column)!
  return column === 'password' ? `${what}, ${FORMS[form]} besides` : FORMS[form]
}

/** What a scanner looks for: what the prefix says, 43 letters or digits, and a checksum of six. */
export function patternOf({ prefix }: Secret): string {
  return prefix.startsWith('oc') ? `\\b${prefix}[0-9A-Za-z]{49}\\b` : ''
}
