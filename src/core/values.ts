/** What the site's page calls the act, such as `signup`; bound into the token. A JSON schema, as is the next. */
export const ACTION = { maxLength: 64, pattern: '^[A-Za-z0-9_./-]*$' }
/** What the site's page wants back from siteverify, unchanged. */
export const CDATA = { maxLength: 255, pattern: '^[ -~]*$' }

/** Whether a text is no longer, and of no other characters. */
export function isWithin({ maxLength, pattern }: typeof ACTION, text: string): boolean {
  return text.length <= maxLength && new RegExp(pattern).test(text)
}
