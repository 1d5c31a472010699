/** A text as HTML and XML hold it, within an attribute too: nothing in it is markup, and no character breaks a feed. */
export function asMarkup(text: string): string {
  return (
    text
      // XML has no place for these, however they are written.
      .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}

/** The parts of a text between which a line is empty, trimmed; none of a text that says nothing. */
export function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
}
