import type { Engine } from './engine.ts'
import { INITIAL, TABLE_WORDS } from './table.ts'

/** The engine for where WebAssembly is missing or not allowed: plain JavaScript on 32-bit integers. */
export function plainEngine(): Engine {
  const table = new Int32Array(TABLE_WORDS)
  const w = new Int32Array(64)
  const first = INITIAL[0]!

  function search(start: number, tries: number, threshold: number): number {
    for (let nonce = start; nonce < start + tries; nonce++) {
      if ((first + tryOne(nonce | 0)) >>> 0 <= threshold) return nonce
    }
    return -1
  }

  /** `a` after the last round, for one nonce. */
  function tryOne(n: number): number {
    schedule(n)
    let a = (table[64]! + n) | 0
    let b = table[65]!
    let c = table[66]!
    let d = table[67]!
    let e = (table[68]! + n) | 0
    let f = table[69]!
    let g = table[70]!
    let h = table[71]!
    for (let t = 10; t < 64; t++) {
      const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t1 = (h + sum1 + (g ^ (e & (f ^ g))) + table[t]! + w[t]!) | 0
      const t2 = (sum0 + ((a & b) | (c & (a | b)))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    return a
  }

  // Words 16 to 31 are written out, because the message is mostly constant: half of their terms are in the table.
  function schedule(n: number): void {
    w[16] = table[80]! + n
    w[17] = table[81]!
    w[18] = sigma1(w[16]!) + table[82]!
    w[19] = table[83]!
    w[20] = sigma1(w[18]!) + table[84]!
    w[21] = table[85]!
    w[22] = sigma1(w[20]!) + table[86]!
    w[23] = w[16]! + table[87]!
    w[24] = sigma1(w[22]!) + sigma0(n) + table[88]!
    w[25] = sigma1(w[23]!) + w[18]! + n + table[89]!
    w[26] = sigma1(w[24]!) + table[90]!
    w[27] = sigma1(w[25]!) + w[20]!
    w[28] = sigma1(w[26]!) + table[92]!
    w[29] = sigma1(w[27]!) + w[22]!
    w[30] = sigma1(w[28]!) + w[23]! + table[94]!
    w[31] = sigma1(w[29]!) + w[24]! + sigma0(w[16]!) + table[95]!
    for (let t = 32; t < 64; t++) {
      w[t] = sigma1(w[t - 2]!) + w[t - 7]! + sigma0(w[t - 15]!) + w[t - 16]!
    }
  }

  return { name: 'plain', table, search }
}

const sigma0 = (x: number) => ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
const sigma1 = (x: number) => ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10)
