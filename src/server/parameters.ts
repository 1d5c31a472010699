/**
 * The parameters of a call, from body and query string alike; null if it cannot be read in one way only: something
 * that is no text, or a parameter given twice (a checker before us might have looked at the other one).
 */
export function readParameters(query: unknown, body: unknown): Map<string, string> | null {
  const parameters = new Map<string, string>()
  for (const source of [query, body]) {
    if (source === null || source === undefined) continue
    if (typeof source !== 'object' || Array.isArray(source)) return null
    for (const [name, value] of Object.entries(source)) {
      if (value === null || value === undefined) continue
      // Proxies send lists of addresses; they are never needed.
      if (name === 'remoteip') continue
      if (typeof value !== 'string' || parameters.has(name)) return null
      parameters.set(name, value)
    }
  }
  return parameters
}
