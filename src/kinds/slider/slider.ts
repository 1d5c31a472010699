import { BadRequest } from '../../core/bad-request.ts'
import type { Painter } from '../../painting/painter.ts'
import { HEIGHT_PX, WIDTH_PX } from '../../painting/size.ts'
import type { Kind } from '../kind.ts'
import { isMachineLike } from './trace.ts'

/** How far off a hand may be, in CSS pixels. */
export const TOLERANCE_PX = 6

export interface Answer {
  /** Where the gap is, in CSS pixels: always four digits, or the sealed length would tell. */
  gapX: string
}

export interface Reply {
  x: number
}

/** Slide the piece to where the picture's lines go on through it. */
export function slider(painter: Painter): Kind<Answer, Reply> {
  return {
    name: 'slider',
    puzzle: true,

    create({ reserve }) {
      const picture = painter.take(reserve)
      if (!picture) return null
      const { scene, piece, pieceWidth, pieceHeight, y, gapX } = picture
      return {
        prompt: {
          scene: toBase64(scene),
          piece: toBase64(piece),
          width: WIDTH_PX,
          height: HEIGHT_PX,
          pieceWidth,
          pieceHeight,
          y,
        },
        answer: { gapX: String(Math.round(gapX)).padStart(4, '0') },
      }
    },

    read(input) {
      const fields = typeof input === 'object' && input !== null ? Object.entries(input) : []
      const [name, x] = fields[0] ?? []
      if (fields.length !== 1 || name !== 'x' || !isPlace(x)) {
        throw new BadRequest(
          'reply-invalid',
          `A slider's reply is { "x": number }, from 0 to ${WIDTH_PX}.`,
          'x',
        )
      }
      return { x }
    },

    judge(answer, reply, { trace }) {
      if (Math.abs(reply.x - Number(answer.gapX)) > TOLERANCE_PX) {
        return { passed: false, reason: 'off-target' }
      }
      return isMachineLike(trace) ? { passed: false, reason: 'machine-like' } : { passed: true }
    },
  }
}

function isPlace(x: unknown): x is number {
  return typeof x === 'number' && Number.isFinite(x) && x >= 0 && x <= WIDTH_PX
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
