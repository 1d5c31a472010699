import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, it } from 'vitest'
import { loadPhotographs, PHOTOGRAPH_COLUMNS, PHOTOGRAPH_ROWS } from './photographs.ts'
import { newStudio } from './picture.ts'
import { seededRandom } from './seeded.ts'
import { COLUMNS, ROWS } from './size.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photographs-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('photographs', () => {
  it('of every kind come out in one size', async () => {
    const paint = newStudio(seededRandom(1))
    for (const kind of ['jpeg', 'png', 'webp'] as const) {
      const raw = { width: COLUMNS, height: ROWS, channels: 3 } as const
      await sharp(paint().scene, { raw })
        .toFormat(kind)
        .toFile(join(folder, `a.${kind}`))
    }
    const { photographs, notices } = await loadPhotographs(folder)
    assert.deepEqual(notices, [])
    assert.deepEqual(
      photographs.map((pixels) => pixels.length),
      [0, 0, 0].map(() => PHOTOGRAPH_COLUMNS * PHOTOGRAPH_ROWS * 3),
    )
    // Every other puzzle shows one.
    const studio = newStudio(seededRandom(2), photographs)
    for (let i = 0; i < 4; i++) assert.equal(studio().gapXs.length, 4)
  })

  it('that claim 50,000 by 50,000 pixels are left out, with a message', async () => {
    await writeFile(join(folder, 'flood.png'), pngOf(50_000, 50_000))
    const { photographs, notices } = await loadPhotographs(folder)
    assert.equal(photographs.length, 0)
    assert.match(notices.join(), /flood\.png is left out: .*pixel limit/)
  })

  it('that are something else are left out, and the rest is used', async () => {
    await writeFile(join(folder, 'a.png'), 'GIF89a')
    await writeFile(join(folder, 'b.png'), pngOf(40, 30))
    await writeFile(join(folder, 'readme.txt'), 'not looked at')
    const { photographs, notices } = await loadPhotographs(folder)
    assert.equal(photographs.length, 1)
    assert.equal(notices.length, 1)
    assert.match(notices[0]!, /a\.png/)
  })

  it('may be missing altogether, which is told', async () => {
    const { photographs, notices } = await loadPhotographs(join(folder, 'nowhere'))
    assert.equal(photographs.length, 0)
    assert.match(notices[0]!, /cannot be read/)
  })
})

/** A gray PNG that claims this size; its pixels are there only if they are few. */
function pngOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(Math.min(1e4, (width + 1) * height)))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
