import { assertWhole } from '../../manage/read.ts'

const PAGE = 50

/** A whole number from a query string, where all is text. Throws `field-invalid` if it is out of bounds. */
export function readWhole(text: string | undefined, field: string, fallback: number, to: number) {
  const value = text === undefined ? fallback : Number(text)
  assertWhole(value, field, 0, to)
  return value
}

/** How many rows are asked for: 1 to `max`. */
export function readLimit(text: string | undefined, max = 100): number {
  const limit = text === undefined ? PAGE : Number(text)
  assertWhole(limit, 'limit', 1, max)
  return limit
}

/** Where the next page begins: after the last row of a full one; null where there is none. */
export function nextAfter<T, K>(rows: readonly T[], limit: number, key: (row: T) => K): K | null {
  return rows.length < limit ? null : key(rows.at(-1)!)
}
