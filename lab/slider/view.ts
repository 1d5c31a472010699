import sharp from 'sharp'
import type { Picture } from '../../src/painting/painter.ts'
import { COLUMNS, ROWS, SCALE, WIDTH_PX } from '../../src/painting/size.ts'

/** Brightness or any other quantity over an area, row by row. */
export interface Plane {
  width: number
  height: number
  values: Float32Array
}

/** All that a machine on a visitor's page has to go by. Image pixels, two to a CSS pixel. */
export interface View {
  scene: readonly [red: Plane, green: Plane, blue: Plane]
  piece: readonly [red: Plane, green: Plane, blue: Plane]
  /** 0…1. */
  alpha: Plane
  sceneGray: Plane
  pieceGray: Plane
  sceneSteep: Plane
  pieceSteep: Plane
  /** The piece's row. */
  y: number
  /** The rim as the piece's transparency shows it. */
  rim: readonly RimPoint[]
}

export interface RimPoint {
  x: number
  y: number
  outX: number
  outY: number
}

export const RIM_POINTS = 96

/** Decodes what was sent, and nothing else. */
export async function viewOf(picture: Omit<Picture, 'gapX'>): Promise<View> {
  const width = picture.pieceWidth * SCALE
  const height = picture.pieceHeight * SCALE
  const scene = await sharp(picture.scene).removeAlpha().raw().toBuffer()
  const piece = await sharp(picture.piece).ensureAlpha().raw().toBuffer()
  const channel = (pixels: Buffer, w: number, h: number, k: number, of: number): Plane => ({
    width: w,
    height: h,
    values: Float32Array.from({ length: w * h }, (_, i) => pixels[i * of + k]!),
  })
  const sceneRgb = [0, 1, 2].map((k) => channel(scene, COLUMNS, ROWS, k, 3))
  const pieceRgb = [0, 1, 2].map((k) => channel(piece, width, height, k, 4))
  const alpha = channel(piece, width, height, 3, 4)
  for (let i = 0; i < alpha.values.length; i++) alpha.values[i] = alpha.values[i]! / 255
  const sceneGray = gray(sceneRgb)
  const pieceGray = gray(pieceRgb)
  return {
    scene: sceneRgb as unknown as View['scene'],
    piece: pieceRgb as unknown as View['piece'],
    alpha,
    sceneGray,
    pieceGray,
    sceneSteep: steepness(blur(sceneGray)),
    pieceSteep: steepness(blur(pieceGray)),
    y: picture.y * SCALE,
    rim: rimOf(alpha),
  }
}

/** Every place the piece can be slid to, in CSS pixels. */
export function reach(view: View): number[] {
  const last = WIDTH_PX - view.alpha.width / SCALE
  return Array.from({ length: last + 1 }, (_, x) => x)
}

export function at(plane: Plane, x: number, y: number): number {
  const column = Math.max(0, Math.min(plane.width - 1, Math.round(x)))
  const row = Math.max(0, Math.min(plane.height - 1, Math.round(y)))
  return plane.values[row * plane.width + column]!
}

function gray(rgb: readonly Plane[]): Plane {
  const [red, green, blue] = rgb as [Plane, Plane, Plane]
  return {
    ...red,
    values: red.values.map((r, i) => 0.3 * r + 0.59 * green.values[i]! + 0.11 * blue.values[i]!),
  }
}

/** A 3×3 binomial. */
function blur(plane: Plane): Plane {
  const { width, height, values } = plane
  const out = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          sum += at(plane, x + dx, y + dy) * (2 - Math.abs(dx)) * (2 - Math.abs(dy))
        }
      }
      out[y * width + x] = sum / 16
    }
  }
  return { width, height, values: out }
}

function steepness(plane: Plane): Plane {
  const { width, height } = plane
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dx = at(plane, x + 1, y) - at(plane, x - 1, y)
      const dy = at(plane, x, y + 1) - at(plane, x, y - 1)
      out[y * width + x] = Math.hypot(dx, dy)
    }
  }
  return { width, height, values: out }
}

function rimOf(alpha: Plane): RimPoint[] {
  const centreX = alpha.width / 2
  const centreY = alpha.height / 2
  return Array.from({ length: RIM_POINTS }, (_, i) => {
    const angle = (i / RIM_POINTS) * 2 * Math.PI
    const outX = Math.cos(angle)
    const outY = Math.sin(angle)
    let away = 0
    for (let r = 0; r < alpha.width; r++) {
      const x = centreX + outX * r
      const y = centreY + outY * r
      if (x < 0 || y < 0 || x >= alpha.width || y >= alpha.height) break
      if (at(alpha, x, y) > 0.5) away = r
    }
    return { x: centreX + outX * away, y: centreY + outY * away, outX, outY }
  })
}
