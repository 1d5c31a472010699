import { createHash } from 'node:crypto'

/** A mark in one of the forms that it could be kept in. */
interface Needle {
  /** Such as `the visitor’s address, as base64`. */
  name: string
  bytes: Buffer
}

/** Looks for marks in bytes, in all forms at once. */
export interface Search {
  /** What is found, each once; sorted. */
  in(bytes: Uint8Array): string[]
  /** In how many forms it looks. */
  forms: number
}

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'] as const
/** Shorter ones turn up by chance. */
const NEEDLE_BYTES_MIN = 6

/**
 * @param marks what may be found nowhere, by what it is: text, or the bytes of an address. Case does not matter in text as
 * such; a hash, base64 or hex of it is looked for as it was given, in lower and in upper case.
 */
export function searchFor(marks: Record<string, string | Buffer>): Search {
  const folded: Needle[] = []
  const exact: Needle[] = []
  for (const [what, mark] of Object.entries(marks)) {
    const values = typeof mark === 'string' ? spellings(mark) : [mark]
    for (const value of values) {
      const text = value.toString('latin1')
      const add = (list: Needle[], form: string, bytes: Buffer) => {
        if (bytes.length >= NEEDLE_BYTES_MIN) list.push({ name: `${what}, ${form}`, bytes })
      }
      if (typeof mark === 'string') {
        add(folded, 'as it is', fold(value))
        add(folded, 'reversed', fold(Buffer.from(value).reverse()))
        for (const encoded of written(value.toString('utf8')))
          add(folded, 'written otherwise', fold(Buffer.from(encoded)))
        const wide = Buffer.from(value.toString('utf8'), 'utf16le')
        add(folded, 'in UTF-16', fold(wide))
        add(folded, 'in UTF-16', fold(Buffer.from(wide).swap16()))
      } else add(exact, 'as it is', value)
      add(folded, 'as hex', Buffer.from(value.toString('hex')))
      for (const part of base64Parts(value)) {
        add(exact, 'as base64', Buffer.from(part))
        add(exact, 'as base64', Buffer.from(part.replaceAll('+', '-').replaceAll('/', '_')))
      }
      for (const name of HASHES) {
        const hash = createHash(name).update(text, 'latin1').digest()
        // The first 12 bytes: who shortens a hash is found as well.
        const head = hash.subarray(0, 12)
        add(exact, `as ${name}`, head)
        add(folded, `as ${name}`, Buffer.from(head.toString('hex')))
        add(exact, `as ${name}`, Buffer.from(head.toString('base64')))
        add(exact, `as ${name}`, Buffer.from(head.toString('base64url')))
      }
    }
  }
  const inText = finder(folded)
  const inBytes = finder(exact)
  return {
    in: (bytes) => [...new Set([...inText(fold(bytes)), ...inBytes(bytes)])].sort(),
    forms: folded.length + exact.length,
  }
}

/** A text as it could be kept before it is encoded or hashed: as it is, in lower and in upper case. */
function spellings(mark: string): Buffer[] {
  return [...new Set([mark, mark.toLowerCase(), mark.toUpperCase()])].map((one) => Buffer.from(one))
}

/** Other ways to write a text down. */
function written(text: string): string[] {
  const escaped = [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const entities = text.replace(/[^\w ]/g, (c) => `&#${c.charCodeAt(0)};`)
  return [
    encodeURIComponent(text),
    encodeURIComponent(encodeURIComponent(text)),
    JSON.stringify(text).slice(1, -1),
    escaped.join(''),
    entities,
  ].filter((one) => one !== text)
}

/** What base64 has of these bytes wherever they begin: the characters that no neighbour has a part in. */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(from, to)
  })
}

/** ASCII's capitals made small; nothing else is touched. */
function fold(bytes: Uint8Array): Buffer {
  const folded = Buffer.from(bytes)
  for (let i = 0; i < folded.length; i++) {
    const byte = folded[i]!
    if (byte >= 65 && byte <= 90) folded[i] = byte + 32
  }
  return folded
}

const SIEVE_BITS = 22

/** Looks for thousands of needles in one pass: by their first four bytes, of which few turn up by chance. */
function finder(needles: readonly Needle[]): (bytes: Uint8Array) => string[] {
  const sieve = new Uint8Array(1 << SIEVE_BITS)
  const byHead = new Map<number, Needle[]>()
  for (const needle of needles) {
    const head = needle.bytes.readInt32LE(0)
    sieve[placeOf(head)] = 1
    byHead.set(head, [...(byHead.get(head) ?? []), needle])
  }
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const found: string[] = []
    // Databases keep much space that is only set aside.
    let end = bytes.length
    while (end > 0 && bytes[end - 1] === 0) end--
    let head = 0
    for (let i = 0; i < end; i++) {
      head = (head >>> 8) | (bytes[i]! << 24)
      if (i < 3 || sieve[placeOf(head)] === 0) continue
      for (const { name, bytes: needle } of byHead.get(head) ?? []) {
        const [from, until] = [i - 3, i - 3 + needle.length]
        if (until <= buffer.length && buffer.compare(needle, 0, needle.length, from, until) === 0)
          found.push(name)
      }
    }
    return found
  }
}

function placeOf(head: number): number {
  return Math.imul(head, 0x9e3779b1) >>> (32 - SIEVE_BITS)
}
