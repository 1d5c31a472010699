import sharp, { type OverlayOptions } from 'sharp'
import type { Picture } from '../../src/painting/painter.ts'
import { COLUMNS, ROWS, SCALE } from '../../src/painting/size.ts'

const ACROSS = 3
const DOWN = 4
const SPACE = 12

/** Writes puzzles as a visitor meets them, and beside each the piece in its place, for people to look at. */
export async function drawSheet(file: string, next: () => Promise<Picture>): Promise<void> {
  const tiles: OverlayOptions[] = []
  for (let i = 0; i < ACROSS * DOWN; i++) {
    const picture = await next()
    const left = (i % ACROSS) * (COLUMNS + SPACE)
    const top = Math.floor(i / ACROSS) * (ROWS + SPACE)
    const input = await sharp(picture.scene)
      .composite([{ input: Buffer.from(picture.piece), left: 0, top: picture.y * SCALE }])
      .png()
      .toBuffer()
    tiles.push({ input, left, top })
    console.log(`${i}: ${picture.gapX}`)
  }
  const width = ACROSS * (COLUMNS + SPACE)
  const height = DOWN * (ROWS + SPACE)
  await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite(tiles)
    .png()
    .toFile(file)
}
