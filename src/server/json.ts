import { BadRequest } from '../core/bad-request.ts'

const DEPTH_MAX = 6
const POISON = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads JSON more strictly than `JSON.parse`: no key twice in one object (two readers would see two different requests),
 * no key that could reach a prototype, and no more than 6 levels. Throws `body-invalid`.
 */
export function readJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BadRequest('body-invalid', 'The body must be JSON.')
  }
  checkKeys(text)
  return value
}

/** Walks text that is known to be JSON: strings, braces and colons are all that matter. */
function checkKeys(text: string): void {
  const open: (Set<string> | null)[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '{' || c === '[') {
      open.push(c === '{' ? new Set() : null)
      if (open.length > DEPTH_MAX) {
        throw new BadRequest('body-invalid', `The body may nest at most ${DEPTH_MAX} levels deep.`)
      }
    } else if (c === '}' || c === ']') {
      open.pop()
    } else if (c === '"') {
      const end = endOfString(text, i)
      const keys = open.at(-1)
      if (keys && nextSign(text, end + 1) === ':') {
        addKey(keys, JSON.parse(text.slice(i, end + 1)))
      }
      i = end
    }
  }
}

function addKey(keys: Set<string>, key: string): void {
  if (POISON.has(key))
    throw new BadRequest('body-invalid', 'The body has a key that is not allowed.')
  if (keys.has(key)) throw new BadRequest('body-invalid', 'The body has a key twice.')
  keys.add(key)
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

function nextSign(text: string, from: number): string | undefined {
  let i = from
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++
  return text[i]
}
