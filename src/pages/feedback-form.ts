import type { Personal, Wish } from '../feedback/feedback.ts'
import type { Finding } from '../feedback/personal.ts'
import { reader } from '../server/fields.ts'

export type Field = 'kind' | 'about' | 'text' | 'address' | 'one-captcha-response'

/** What somebody typed into the form for feedback, and what is to be said about it. */
export interface FeedbackForm {
  kind: string
  /** The version and clause of the Terms, such as `3#4.2`; '' for none. */
  about: string
  text: string
  address: string
  personal: Personal
  token: string
  ticket: string
  /** A sentence beside the field it is about; under '' what is about none. */
  mistakes: Partial<Record<Field | '', string>>
  /** What looks personal in the text; undefined where that is no question. */
  findings?: readonly Finding[]
  /** In how many seconds it can be sent with its ticket; undefined where that is not the way. */
  seconds?: number
}

/** The form as it is before anybody types. A link may say what it shall be about. */
export function emptyForm(query: unknown = {}): FeedbackForm {
  const { text } = reader(query)
  const about = text('version') || text('clause') ? `${text('version')}#${text('clause')}` : ''
  return {
    ...{ kind: text('kind') || (about ? 'terms' : 'service'), about, text: '', address: '' },
    ...{ personal: 'ask', token: '', ticket: '', mistakes: {} },
  }
}

/** Reads a posted form, and keeps what was typed. */
export function readForm(body: unknown): FeedbackForm {
  const { text, twice } = reader(body)
  const personal = text('personal')
  const form: FeedbackForm = {
    ...{ kind: text('kind'), about: text('about'), text: text('text'), address: text('address') },
    personal: personal === 'redact' || personal === 'keep' ? personal : 'ask',
    ...{ token: text('one-captcha-response'), ticket: text('ticket'), mistakes: {} },
  }
  if (twice()) form.mistakes[''] = 'Something was sent twice. Please send it once.'
  return form
}

/** What of the form is sent on. The clause counts only where it is about the Terms. */
export function wishOf(form: FeedbackForm): Wish {
  const { kind, text, address, personal, token, ticket } = form
  const [, version, clause] = /^(\d{1,9})#([\w.-]{0,40})$/.exec(form.about) ?? []
  const about =
    kind === 'terms' && version !== undefined ? { number: Number(version), clause: clause! } : null
  return { kind, text, address, about, personal, token, ticket }
}
