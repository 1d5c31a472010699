/** A table as CSV (RFC 4180). What a spreadsheet would take for a formula it shows as text. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const harmless = /^[\s\p{Cc}\uFEFF]*[=+\-@＝＋－＠|%]/u.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
