import assert from 'node:assert/strict'

/** What is another each time, and by what it is told. */
const CHANGING: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
  [/\b(oc[a-z]_(?:live_|test_)?)[\w-]{8,}/g, '$1…'],
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/(localhost|127\.0\.0\.1):\d+/g, 'HOST'],
]

/** Fails where what a document shows is not what there is: `…` stands for whatever was left out. */
export function assertShown(shown: string, got: string, what: string): void {
  const json = jsonOf(shown)
  if (json === undefined) {
    const told = plain(got)
    assert.ok(patternOf(shown).test(told), `${what} shows:\n${shown}\nwhile there is:\n${told}`)
  } else assertFits(json, JSON.parse(got), what)
}

/** Fails where a value has not the fields of the one that is shown, their types, and its texts. Numbers may differ. */
export function assertFits(shown: unknown, got: unknown, what: string): void {
  const told = () => `${what} shows ${JSON.stringify(shown)}, while there is ${JSON.stringify(got)}`
  if (typeof shown === 'string') {
    assert.ok(typeof got === 'string' && patternOf(shown).test(plain(got)), told())
  } else if (typeof shown !== 'object' || shown === null) {
    assert.equal(typeof got, typeof shown, told())
    if (typeof shown !== 'number') assert.equal(got, shown, told())
  } else if (Array.isArray(shown)) {
    assert.ok(Array.isArray(got) && got.length >= shown.length, told())
    for (const [i, one] of shown.entries()) assertFits(one, got[i], `${what}, [${i}]`)
  } else {
    assert.ok(typeof got === 'object' && got !== null, told())
    assert.deepEqual(Object.keys(got).sort(), Object.keys(shown).sort(), told())
    for (const [key, one] of Object.entries(shown)) {
      assertFits(one, (got as Record<string, unknown>)[key], `${what}, ${key}`)
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function plain(text: string): string {
  return CHANGING.reduce((left, [pattern, by]) => left.replaceAll(pattern, by), text.trim())
}

/** `…` stands for anything. */
export function patternOf(shown: string): RegExp {
  // What follows the last line may not be there yet.
  const parts = plain(shown).replace(/\n…$/, '…').split('…')
  return new RegExp(
    `^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('[\\s\\S]*?')}$`,
  )
}
