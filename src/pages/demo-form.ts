/** What a visitor typed, and what is to be said about it. */
export interface Form {
  values: Record<Field, string>
  /** A sentence beside the field it is about. */
  mistakes: Partial<Record<Field, string>>
}

export type Field = 'name' | 'email' | 'one-captcha-response'

export const NAME_MAX = 100
/** RFC 5321 lets no address be longer. */
export const EMAIL_MAX = 254

const FIELDS: readonly Field[] = ['name', 'email', 'one-captcha-response']

/** The form as it is before anybody types. */
export const EMPTY: Form = {
  values: { name: '', email: '', 'one-captcha-response': '' },
  mistakes: {},
}

/** Reads a posted form: keeps what was typed, and finds what is amiss. Whether the token is good is not for us to say. */
export function readForm(body: unknown): Form {
  const fields = new Map(Object.entries(body ?? {}))
  const form: Form = { values: { ...EMPTY.values }, mistakes: {} }
  for (const field of FIELDS) {
    const value = fields.get(field) ?? ''
    // Sent twice: a checker before us might have looked at the other one.
    if (typeof value !== 'string')
      form.mistakes[field] = 'This was sent twice. Please send it once.'
    else form.values[field] = value.trim()
  }
  const { name, email } = form.values
  form.mistakes.name ??= nameMistake(name)
  form.mistakes.email ??= emailMistake(email)
  return form
}

/** True if there is something to say beside any field. */
export function hasMistakes(form: Form): boolean {
  return FIELDS.some((field) => form.mistakes[field] !== undefined)
}

function nameMistake(name: string): string | undefined {
  if (!name) return 'Please tell us a name. Any will do.'
  if (name.length > NAME_MAX) return `Please use at most ${NAME_MAX} characters.`
}

function emailMistake(email: string): string | undefined {
  if (!email) return 'Please tell us an e-mail address. A made-up one will do.'
  if (email.length > EMAIL_MAX) return `Please use at most ${EMAIL_MAX} characters.`
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return 'Please write it like ada@example.org.'
}
