import sharp from 'sharp'
import type { Chance } from './chance.ts'
import type { Picture } from './painter.ts'
import type { Painting } from './picture.ts'
import { COLUMNS, ROWS, SCALE } from './size.ts'

/** Scene and piece together as base64 stay below this: never more, whatever was painted. */
export const PICTURE_BASE64_MAX = 25_000

const QUALITY = { from: 44, to: 58 }
const QUALITY_STEP = 14
const PIECE_QUALITY = 80

/** One picture at a time per worker: threads of the encoder's own would fight the other workers'. */
sharp.concurrency(1)
sharp.cache(false)

/** Turns pixels into what is sent. Null if no quality makes it small enough; the caller paints another. */
export async function encode(chance: Chance, painting: Painting): Promise<Picture | null> {
  const { pieceWidth, pieceHeight, y, gapX } = painting
  const piece = await webp(
    painting.piece,
    { width: pieceWidth * SCALE, height: pieceHeight * SCALE, channels: 4 },
    PIECE_QUALITY,
  )
  const first = chance.integer(QUALITY.from, QUALITY.to)
  for (let quality = first; quality > 0; quality -= QUALITY_STEP) {
    const scene = await webp(painting.scene, { width: COLUMNS, height: ROWS, channels: 3 }, quality)
    if (base64Length(scene) + base64Length(piece) < PICTURE_BASE64_MAX) {
      return { scene, piece, pieceWidth, pieceHeight, y, gapX }
    }
  }
  return null
}

function webp(
  pixels: Uint8Array,
  raw: { width: number; height: number; channels: 3 | 4 },
  quality: number,
): Promise<Uint8Array> {
  return sharp(pixels, { raw }).webp({ quality, alphaQuality: 60, effort: 0 }).toBuffer()
}

function base64Length(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / 3) * 4
}
