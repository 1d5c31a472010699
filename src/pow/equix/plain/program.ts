/** Instructions in a program. */
export const LENGTH = 512

// The operations: those with a source first, of these the multiplications; the last two change no register.
export const UMULH = 0
export const SMULH = 1
export const MUL = 2
export const SUB = 3
export const XOR = 4
export const ADD_RS = 5
export const ROR_C = 6
export const ADD_C = 7
export const XOR_C = 8
export const TARGET = 9
export const BRANCH = 10

/** A hash function: a random program, and the key that its registers start from. */
export interface Program {
  operations: Uint8Array
  /** Which register an instruction changes. */
  destinations: Uint8Array
  /** Which register it changes it by. */
  sources: Uint8Array
  /** Which constant it changes it by; a branch's mask. */
  immediates: Int32Array
  /** Four 64-bit words, as halves. */
  registerKey: Int32Array
}
