import { hash } from 'node:crypto'

/**
 * The memory has so many parts, each of which a Redis Cluster keeps in one place; what belongs to one site is in one. So a
 * script can look at all that it needs, and each part knows who holds it.
 */
const PARTS = 256
const SLOTS = 16_384

/** A part of the memory. */
export interface Part {
  /** The beginning of all its keys. */
  tag: string
  /** Where a cluster keeps it. */
  slot: number
  /** The key of who holds it, and since when it remembers. */
  era: string
}

export const parts: readonly Part[] = Array.from({ length: PARTS }, (_, i) => {
  const name = `oc:${i.toString(16).padStart(2, '0')}`
  return { tag: `{${name}}:`, slot: crc16(name) % SLOTS, era: `{${name}}:era` }
})

/** The part that something belongs to: a site by its key, or what belongs to none by its id. */
export function partOf(name: string): Part {
  return parts[hash('sha256', name, 'buffer')[0]!]!
}

/** CRC-16/XMODEM, by which a cluster spreads keys. */
function crc16(text: string): number {
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff
  }
  return crc
}
