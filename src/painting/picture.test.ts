import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { foretold } from '../../lab/slider/foretold.ts'
import { chanceFrom } from './chance.ts'
import { encode, PICTURE_BASE64_MAX } from './encode.ts'
import { newStudio, type Painting } from './picture.ts'
import { GAPS } from './placing.ts'
import { seededRandom } from './seeded.ts'
import { COLUMNS, HEIGHT_PX, ROWS, SCALE, WIDTH_PX } from './size.ts'

const paint = newStudio(seededRandom(11))
const paintings: Painting[] = Array.from({ length: 150 }, () => paint())

describe('a puzzle', () => {
  it('has a true gap and three others on the piece’s own row, none touching another', () => {
    for (const { gapX, gapXs, pieceWidth } of paintings) {
      assert.equal(gapXs.length, GAPS)
      assert.ok(gapXs.includes(gapX))
      const sorted = [...gapXs].sort((a, b) => a - b)
      for (let i = 1; i < GAPS; i++) assert.ok(sorted[i]! - sorted[i - 1]! > pieceWidth)
    }
  })

  it('keeps every gap inside the picture and clear of where the piece starts', () => {
    for (const { gapXs, y, pieceWidth, pieceHeight } of paintings) {
      assert.ok(Math.min(...gapXs) > pieceWidth)
      assert.ok(Math.max(...gapXs) + pieceWidth < WIDTH_PX)
      assert.ok(y > 0 && y + pieceHeight < HEIGHT_PX)
    }
  })

  it('has as many pixels as it says', () => {
    for (const { scene, piece, pieceWidth, pieceHeight } of paintings) {
      assert.equal(scene.length, COLUMNS * ROWS * 3)
      assert.equal(piece.length, pieceWidth * pieceHeight * SCALE * SCALE * 4)
    }
  })

  it('has its true gap first, second, third or last about equally often', () => {
    const places = [0, 0, 0, 0]
    for (const { gapX, gapXs } of paintings) {
      places[gapXs.filter((x) => x < gapX).length]!++
    }
    // 37.5 expected; four deviations of a fair lot.
    for (const n of places) assert.ok(Math.abs(n - 37.5) < 21, places.join())
  })

  it('does not show where its gap is by anything but its pixels, and is never too large', async () => {
    const chance = chanceFrom(seededRandom(13))
    const sent = []
    for (const [i, painting] of paintings.entries()) {
      const picture = await encode(chance, painting)
      // Too much detail for any quality: such a one is painted anew.
      if (!picture) continue
      const { scene, piece, pieceWidth, pieceHeight, y, gapX } = picture
      assert.ok(base64Length(scene) + base64Length(piece) < PICTURE_BASE64_MAX)
      sent.push({ seen: [scene.length, piece.length, pieceWidth, pieceHeight, y, i], gapX })
    }
    assert.ok(sent.length > 140)
    const share = foretold(sent)
    assert.ok(share < 0.1, `a regression explains ${share}`)
  })

  it('is never painted twice', () => {
    const other = newStudio(seededRandom(12))()
    assert.notDeepEqual(paintings[0]!.scene, paintings[1]!.scene)
    assert.notDeepEqual(paintings[0]!.scene, other.scene)
  })
})

function base64Length(bytes: Uint8Array): number {
  return Buffer.from(bytes).toString('base64').length
}
