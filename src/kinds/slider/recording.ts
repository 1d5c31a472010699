import type { Trace } from '../kind.ts'

/** Thinned out beyond this many points, so that the longest drag stays well under the 8 kB that are taken. */
const POINTS_MAX = 480

/** Records where a pointer goes during a drag, in the picture's own pixels. It may help; it is never required. */
export function recordTrace(picture: Element, width: number) {
  const box = picture.getBoundingClientRect()
  const scale = width / (box.width || 1)
  let points: (readonly [number, number, number])[] = []
  let startedAt = 0

  return {
    add({ timeStamp, clientX, clientY }: PointerEvent) {
      startedAt ||= timeStamp
      if (points.length >= POINTS_MAX) points = points.filter((_, i) => i % 2 === 0)
      points.push([
        Math.round(timeStamp - startedAt),
        Math.round((clientX - box.left) * scale),
        Math.round((clientY - box.top) * scale),
      ])
    },
    get points(): Trace {
      return points
    },
  }
}
