import type { Chance } from './chance.ts'
import { seededRandom } from './seeded.ts'

/** Tiles are square, repeat seamlessly, and hold −128…127. */
export const TILE_SIDE = 512

/** Soft, many-sized unevenness: clouds, rock, grass. */
export const cloudTile = fractalTile(6, 4, 0.55)
/** Fine unevenness: paper, sand, film. */
export const grainTile = fractalTile(2, 128, 0.8)
/** Wide swells without detail: what bends bands and currents. */
export const swellTile = fractalTile(2, 3, 0.35)

/**
 * A curve over `length` steps made of waves of ever half the length.
 *
 * @param sharp 0 for rolling curves, 1 for crests
 */
export function profile(
  chance: Chance,
  length: number,
  wave: { length: number; octaves: number; roughness: number; sharp: number },
): Float32Array {
  const curve = new Float32Array(length)
  let height = 1
  let waveLength = wave.length
  for (let octave = 0; octave < wave.octaves && waveLength >= 2; octave++) {
    addOctave(curve, chance, waveLength, height, wave.sharp)
    height *= wave.roughness
    waveLength /= 2
  }
  return levelled(curve)
}

/** Brings a curve to −1…1, so that every draw has its hill and its valley. */
function levelled(curve: Float32Array): Float32Array {
  let low = Infinity
  let high = -Infinity
  for (const value of curve) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const scale = 2 / (high - low)
  for (let i = 0; i < curve.length; i++) curve[i] = (curve[i]! - low) * scale - 1
  return curve
}

/** Adds values between −height and height, joined smoothly (or in crests). */
function addOctave(
  curve: Float32Array,
  chance: Chance,
  step: number,
  height: number,
  sharp: number,
) {
  const phase = chance.part()
  let left = chance.between(-1, 1)
  let right = chance.between(-1, 1)
  let cell = 0
  for (let i = 0; i < curve.length; i++) {
    const at = i / step + phase
    if (Math.floor(at) !== cell) {
      cell = Math.floor(at)
      left = right
      right = chance.between(-1, 1)
    }
    const t = at - cell
    const smooth = t * t * (3 - 2 * t)
    const value = left + (right - left) * (smooth + (t - smooth) * sharp)
    curve[i] = curve[i]! + height * (value + (1 - 2 * Math.abs(value) - value) * sharp * 0.5)
  }
}

/** Made once, from a fixed seed: a picture takes its own place in a tile, not its own tile. */
function fractalTile(octaves: number, cells: number, roughness: number): Int8Array {
  const random = seededRandom(octaves * 1000 + cells)
  const sum = new Float32Array(TILE_SIDE * TILE_SIDE)
  let height = 1
  let side = cells
  for (let octave = 0; octave < octaves && side <= TILE_SIDE; octave++) {
    const knots = Float32Array.from(random.bytes(side * side), (byte) => byte / 127.5 - 1)
    addKnots(sum, knots, side, height)
    height *= roughness
    side *= 2
  }
  return spread(sum)
}

function addKnots(sum: Float32Array, knots: Float32Array, side: number, height: number) {
  const step = TILE_SIDE / side
  for (let x = 0; x < TILE_SIDE; x++) {
    const column = Math.floor(x / step)
    const right = (column + 1) % side
    const u = ease(x / step - column)
    for (let y = 0; y < TILE_SIDE; y++) {
      const row = Math.floor(y / step)
      const below = (row + 1) % side
      const v = ease(y / step - row)
      const upper = mix(knots[column * side + row]!, knots[right * side + row]!, u)
      const lower = mix(knots[column * side + below]!, knots[right * side + below]!, u)
      sum[x * TILE_SIDE + y]! += height * mix(upper, lower, v)
    }
  }
}

/** Brings a tile to a mean of 0 and a deviation of 48, so that amounts mean the same for every tile. */
function spread(sum: Float32Array): Int8Array {
  let mean = 0
  for (const value of sum) mean += value / sum.length
  let square = 0
  for (const value of sum) square += (value - mean) ** 2 / sum.length
  const scale = 48 / Math.sqrt(square)
  return Int8Array.from(sum, (value) => Math.max(-128, Math.min(127, (value - mean) * scale)))
}

function ease(t: number): number {
  return t * t * (3 - 2 * t)
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t
}
