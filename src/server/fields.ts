/** Reads the fields of a form or of a query, which may be anything. */
export function reader(fields: unknown): { text(name: string): string; twice(): boolean } {
  const all = new Map<string, unknown>(Object.entries(fields ?? {}))
  return {
    text(name) {
      const value = all.get(name)
      // Sent twice: a checker before us might have looked at the other one.
      return typeof value === 'string' ? value : ''
    },
    twice: () => [...all.values()].some((value) => typeof value !== 'string'),
  }
}
