import { sipRounds } from './halves.ts'

/**
 * The generator's random numbers. Each call gives a source of numbers of so many bits, with a buffer of its own; all
 * fill their buffers from the same sequence of words, in the order in which they come to need one.
 */
export function randomness(key: Int32Array): (bits: number) => () => number {
  const words = new Int32Array(8)
  let counter = 0

  return (bits) => {
    const mask = bits < 32 ? (1 << bits) - 1 : -1
    let low = 0
    let high = 0
    let left = 0
    return () => {
      if (!left) {
        words.set(key)
        words[6]! ^= counter
        sipRounds(words, 1)
        words[0]! ^= counter++
        words[4]! ^= 0xff
        sipRounds(words, 3)
        low = words[0]! ^ words[2]! ^ words[4]! ^ words[6]!
        high = words[1]! ^ words[3]! ^ words[5]! ^ words[7]!
        left = 64
      }
      // The most significant come first. A shift counts modulo 32.
      left -= bits
      return ((left < 32 ? low : high) >>> left) & mask
    }
  }
}
