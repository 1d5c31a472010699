/** What a page's server says of one call: bound into its challenge, and so into its token. */
export interface Values {
  action?: string
  cdata?: string
}

/**
 * The service's own bounds (`core/values.ts`), so that whoever calls hears at once what is wrong. They are written once more, as
 * every visitor would have to load what both could share.
 */
const BOUNDS: Record<string, [pattern: RegExp, said: string]> = {
  action: [/^[\w./-]{0,64}$/, 'up to 64 letters, digits and _ . / -'],
  cdata: [/^[ -~]{0,255}$/, 'up to 255 printable ASCII characters'],
}

/** Reads the values of a call; what is undefined or null was not given. Throws a `TypeError` that names the field. */
export function readValues(given: object): Values {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const bound = Object.hasOwn(BOUNDS, name) ? BOUNDS[name] : undefined
    if (!bound) throw new TypeError(`execute: ${name} is not a value of a call.`)
    if (value === undefined || value === null) continue
    const [pattern, said] = bound
    if (typeof value !== 'string' || !pattern.test(value))
      throw new TypeError(`execute: ${name} must be a string of ${said}.`)
    values[name] = value
  }
  return values
}
