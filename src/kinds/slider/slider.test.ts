import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { BadRequest } from '../../core/bad-request.ts'
import type { Painter, Picture } from '../../painting/painter.ts'
import { seededRandom } from '../../painting/seeded.ts'
import { slider, TOLERANCE_PX } from './slider.ts'

const picture: Picture = {
  scene: new Uint8Array([1, 2, 3]),
  piece: new Uint8Array([4, 5]),
  pieceWidth: 48,
  pieceHeight: 46,
  y: 61,
  gapX: 97,
}
const order = { random: seededRandom(1), algorithm: 'equix', effort: 1, reserve: 0 }
const evidence = { seed: new Uint8Array(32), trace: null }

/** A painter with these pictures and no others. */
function painterOf(...pictures: Picture[]): Painter {
  return {
    take: () => pictures.shift() ?? null,
    ready: () => pictures.length,
    close: async () => {},
  }
}

describe('the slider', () => {
  it('shows scene and piece, and keeps the gap', () => {
    const task = slider(painterOf(picture)).create(order)!
    assert.deepEqual(task.prompt, {
      scene: 'AQID',
      piece: 'BAU=',
      width: 320,
      height: 180,
      pieceWidth: 48,
      pieceHeight: 46,
      y: 61,
    })
    assert.deepEqual(task.answer, { gapX: '0097' })
  })

  it('has no task when no picture is ready', () => {
    assert.equal(slider(painterOf()).create(order), null)
  })

  it('leaves the reserve that was ordered to others', () => {
    const asked: (number | undefined)[] = []
    const take = (reserve?: number) => {
      asked.push(reserve)
      return null
    }
    slider({ ...painterOf(), take }).create({ ...order, reserve: 0.75 })
    assert.deepEqual(asked, [0.75])
  })

  it('keeps answers of one length, wherever the gap is', () => {
    const xs = [0, 7, 50, 99, 100, 274]
    const kind = slider(painterOf(...xs.map((gapX) => ({ ...picture, gapX }))))
    const lengths = xs.map(() => JSON.stringify(kind.create(order)!.answer).length)
    assert.equal(new Set(lengths).size, 1)
  })

  it('passes a piece that is near enough, and no other', () => {
    const kind = slider(painterOf())
    const at = (x: number) => kind.judge({ gapX: '0097' }, { x }, evidence)
    for (const x of [97 - TOLERANCE_PX, 97, 97.25, 97 + TOLERANCE_PX]) {
      assert.deepEqual(at(x), { passed: true })
    }
    for (const x of [0, 97 - TOLERANCE_PX - 0.1, 97 + TOLERANCE_PX + 0.1, 320]) {
      assert.deepEqual(at(x), { passed: false, reason: 'off-target' })
    }
  })

  it('refuses a right place that only a machine reaches in this way', () => {
    const trace = Array.from({ length: 30 }, (_, i) => [i * 16, i * 5, 80] as const)
    const judgement = slider(painterOf()).judge({ gapX: '0097' }, { x: 97 }, { ...evidence, trace })
    assert.deepEqual(judgement, { passed: false, reason: 'machine-like' })
  })

  it('reads a place', () => {
    const { read } = slider(painterOf())
    for (const x of [0, 143.5, 320]) assert.deepEqual(read({ x }), { x })
  })

  it.each([
    undefined,
    null,
    7,
    'x',
    [],
    [7],
    {},
    { x: '7' },
    { x: null },
    { x: Number.NaN },
    { x: Number.POSITIVE_INFINITY },
    { x: -0.1 },
    { x: 320.1 },
    { y: 7 },
    { x: 7, y: 7 },
  ])('does not take %j for a reply', (input) => {
    assert.throws(
      () => slider(painterOf()).read(input),
      (error) => error instanceof BadRequest && error.code === 'reply-invalid',
    )
  })
})
