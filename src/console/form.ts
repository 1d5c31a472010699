import { BadRequest } from '../core/bad-request.ts'

/** What somebody typed, and what is to be said about it. */
export interface Form {
  /** Which form of the page was sent; '' before any was. */
  name: string
  /** What was typed into a field, without blanks around it; '' for nothing. */
  text(field: string): string
  /** As it was typed, blanks and all: for passwords. */
  exact(field: string): string
  /** All values of a field that may have several. */
  list(field: string): string[]
  has(field: string): boolean
  /** What may be carried along to be sent again: everything but what is secret, or is about this one sending. */
  rest(): [field: string, value: string][]
  /** A sentence beside the field it is about; under '' what is about no field. */
  mistakes: ReadonlyMap<string, string>
}

/** The form as it is before anybody types. */
export const EMPTY: Form = readForm(undefined)

/** A form that came back wrong. Each sentence stands beside its field; under '' is what is about none. */
export class Mistaken extends Error {
  override readonly name = 'Mistaken'
  readonly mistakes: ReadonlyMap<string, string>

  constructor(mistakes: Record<string, string>) {
    super('The form has mistakes.')
    this.mistakes = new Map(Object.entries(mistakes))
  }
}

/** What was sent, with what HTML puts in place of NUL: no browser sends that, and PostgreSQL refuses it. */
export function readable(value: unknown): string {
  return String(value).replaceAll('\0', '\u{fffd}')
}

/** Reads a posted form. */
export function readForm(body: unknown): Form {
  const fields = new Map<string, string[]>(
    Object.entries(body ?? {}).map(([field, value]) => [field, [value].flat().map(readable)]),
  )
  const list = (field: string) => fields.get(field) ?? []
  const exact = (field: string) => {
    const values = list(field)
    // Sent twice: a checker before us might have looked at the other one.
    if (values.length > 1)
      throw new BadRequest('field-invalid', 'This was sent twice. Please send it once.', field)
    return values[0] ?? ''
  }
  return {
    name: list('form')[0] ?? '',
    exact,
    list,
    text: (field) => exact(field).trim(),
    has: (field) => fields.has(field),
    rest: () =>
      [...fields]
        .filter(([field]) => !/^csrf$|^proof-|password|code/.test(field))
        .flatMap(([field, values]) => values.map((value): [string, string] => [field, value])),
    mistakes: new Map(),
  }
}
