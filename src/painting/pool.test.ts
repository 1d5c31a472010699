import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, it, vi } from 'vitest'
import { PICTURE_BASE64_MAX } from './encode.ts'
import type { Painter, Picture } from './painter.ts'
import { type PainterOptions, startPainter } from './pool.ts'
import { WIDTH_PX } from './size.ts'

const UNTIL = { timeout: 20_000, interval: 10 }
const open: Painter[] = []

function start(options: PainterOptions): Painter {
  const painter = startPainter({ ready: 4, workers: 1, seed: 5, ...options })
  open.push(painter)
  return painter
}

async function full(painter: Painter, count = 4): Promise<void> {
  await vi.waitFor(() => assert.equal(painter.ready(), count), UNTIL)
}

function takeAll(painter: Painter): Picture[] {
  const taken: Picture[] = []
  for (let next = painter.take(); next; next = painter.take()) taken.push(next)
  return taken
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((painter) => painter.close()))
})

describe('the painter', () => {
  it('keeps as many pictures ready as it was told, and no more', async () => {
    await full(start({}))
  })

  it('gives each picture out once, then none until the next is ready', async () => {
    const painter = start({})
    await full(painter)
    const taken = takeAll(painter)
    assert.equal(taken.length, 4)
    assert.equal(painter.take(), null)
    const scenes = new Set(taken.map((picture) => Buffer.from(picture.scene).toString('base64')))
    assert.equal(scenes.size, 4)
    await full(painter)
  })

  it('leaves the reserve on the shelf for others', async () => {
    const painter = start({})
    await full(painter)
    assert.equal(painter.take(1), null)
    const taken = []
    for (let next = painter.take(0.5); next; next = painter.take(0.5)) taken.push(next)
    assert.deepEqual([taken.length, painter.ready()], [2, 2])
    assert.ok(painter.take(0))
  })

  it('hands out WebP that is small enough, with its gap in reach', async () => {
    const painter = start({})
    await full(painter)
    for (const { scene, piece, pieceWidth, gapX } of takeAll(painter)) {
      for (const bytes of [scene, piece]) {
        assert.equal(Buffer.from(bytes.subarray(8, 12)).toString('latin1'), 'WEBP')
      }
      const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').length
      assert.ok(base64(scene) + base64(piece) < PICTURE_BASE64_MAX)
      assert.ok(gapX >= pieceWidth && gapX <= WIDTH_PX - pieceWidth)
    }
  })

  it('has nothing to give once closed, and stays closed', async () => {
    const painter = start({})
    await full(painter)
    await painter.close()
    assert.equal(painter.take(), null)
    assert.equal(painter.ready(), 0)
  })

  it('replaces a worker that fails, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'painter-'))
    const script = join(folder, 'failing.mjs')
    await writeFile(script, 'throw new Error("out of paint")')
    const errors: string[] = []
    start({ script: pathToFileURL(script), onError: (error) => errors.push(error.message) })
    await vi.waitFor(() => assert.ok(errors.length >= 2), UNTIL)
    assert.equal(errors[0], 'out of paint')
    await rm(folder, { recursive: true })
  })

  it('tells about photographs that it cannot use, and paints on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'photographs-'))
    await writeFile(join(folder, 'torn.jpg'), 'not a photograph')
    const notices: string[] = []
    const painter = start({ photographs: folder, onWarning: (message) => notices.push(message) })
    await full(painter)
    assert.equal(notices.length, 1)
    assert.match(notices[0]!, /torn\.jpg/)
    await rm(folder, { recursive: true })
  })
})
