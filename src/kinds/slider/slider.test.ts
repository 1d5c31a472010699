import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Painter, Picture } from '../../painting/painter.ts'
import { startPainter } from '../../painting/pool.ts'
import { systemRandom } from '../../random.ts'
import { kindContract } from '../kind.contract.ts'
import { type Answer, slider, TOLERANCE_PX } from './slider.ts'

const random = systemRandom()
const painter = startPainter({ ready: 32 })
const truth = (answer: Answer) => ({ x: Number(answer.gapX) })

kindContract<Answer>({
  name: 'slider',
  open: async () => slider(painter),
  close: () => painter.close(),
  effort: 1,
  truth,
  guess(prompt) {
    const { width, pieceWidth } = prompt as { width: number; pieceWidth: number }
    // Every place where the piece can be, a tenth of a pixel apart.
    return { x: random.integer(0, 10 * (width - pieceWidth) + 1) / 10 }
  },
  guessesPassMost: 0.07,
})

describe('the slider', () => {
  const kind = slider(still({ gapX: 143 }))
  const { answer } = kind.create({ random, effort: 1 })!
  const judge = (x: number) =>
    kind.judge(answer, kind.read({ x }), { seed: new Uint8Array(32), trace: null })

  it('takes a piece that is off by its tolerance, and not by a hair more', () => {
    for (const x of [143 - TOLERANCE_PX, 143, 143 + TOLERANCE_PX]) {
      assert.deepEqual(judge(x), { passed: true }, String(x))
    }
    for (const x of [0, 143 - TOLERANCE_PX - 0.01, 143 + TOLERANCE_PX + 0.01, 320]) {
      assert.deepEqual(judge(x), { passed: false, reason: 'off-target' }, String(x))
    }
  })

  it('judges a drag that no hand could have made, though it ends in the right place', () => {
    const trace = Array.from({ length: 20 }, (_, i) => [i * 10, i * 8, 80] as const)
    const evidence = { seed: new Uint8Array(32), trace }
    const judgement = kind.judge(answer, kind.read(truth(answer)), evidence)
    assert.deepEqual(judgement, { passed: false, reason: 'machine-like' })
    // Off target comes first: a trace tells a robot nothing about the gap.
    assert.deepEqual(kind.judge(answer, kind.read({ x: 1 }), evidence), {
      passed: false,
      reason: 'off-target',
    })
  })

  it('makes no task while no picture is ready', () => {
    assert.equal(slider(still(null)).create({ random, effort: 1 }), null)
  })

  it('shows neither the gap nor anything that tells it', () => {
    const { prompt } = kind.create({ random, effort: 1 })!
    assert.deepEqual(Object.keys(prompt).sort(), [
      'height',
      'piece',
      'pieceHeight',
      'pieceWidth',
      'scene',
      'width',
      'y',
    ])
  })
})

/** A painter whose every picture has its gap in the same place. */
function still(picture: Pick<Picture, 'gapX'> | null): Painter {
  const rest = {
    scene: new Uint8Array(1),
    piece: new Uint8Array(1),
    pieceWidth: 52,
    pieceHeight: 52,
    y: 61,
  }
  return {
    take: () => picture && { ...rest, ...picture },
    ready: () => 1,
    close: async () => {},
  }
}
