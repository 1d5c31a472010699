import { expand, INITIAL, rounds } from './table.ts'

/** SHA-256 of ASCII characters. For seeds: `crypto.subtle` is missing on pages without TLS. */
export function digest(text: string): Uint8Array {
  const blocks = (text.length + 72) >> 6
  const message = new DataView(new ArrayBuffer(64 * blocks))
  for (let i = 0; i < text.length; i++) message.setUint8(i, text.charCodeAt(i))
  message.setUint8(text.length, 0x80)
  message.setUint32(64 * blocks - 4, 8 * text.length)

  const sum = INITIAL.slice()
  const w = new Int32Array(64)
  for (let at = 0; at < 64 * blocks; at += 64) {
    for (let t = 0; t < 64; t++) w[t] = t < 16 ? message.getInt32(at + 4 * t) : expand(w, t)
    const state = sum.slice()
    rounds(state, w, 0, 64)
    for (let i = 0; i < 8; i++) sum[i]! += state[i]!
  }
  return Uint8Array.from({ length: 32 }, (_, i) => sum[i >> 2]! >> (24 - 8 * (i & 3)))
}
