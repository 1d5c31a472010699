import { expect, it } from 'vitest'
import { type Area, placeBeside } from './beside.ts'
import { placeAt } from './floating.ts'

const WINDOW = { width: 1000, height: 600 }
const PANEL = { width: 320, height: 400 }
const at = (left: number, top: number, width = 100, height = 40): Area => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
})

it('places a panel below the box, or above it where there is no room below', () => {
  expect(placeBeside(at(50, 100), PANEL, WINDOW, false)).toEqual({ x: 50, y: 148 })
  expect(placeBeside(at(50, 500), PANEL, WINDOW, false)).toEqual({ x: 50, y: 92 })
})

it('has their left edges in line, or their right ones in languages that begin on the right', () => {
  const box = at(500, 100)
  expect(placeBeside(box, PANEL, WINDOW, false).x).toBe(500)
  expect(placeBeside(box, PANEL, WINDOW, true).x).toBe(600 - PANEL.width)
})

it('keeps all of it in the window, beside a box that is in it', () => {
  for (const box of [at(-50, 280), at(950, 280), at(300, 0), at(300, 560)])
    for (const end of [true, false]) {
      const { x, y } = placeBeside(box, PANEL, WINDOW, end)
      expect(x).toBeGreaterThanOrEqual(8)
      expect(x + PANEL.width).toBeLessThanOrEqual(WINDOW.width - 8)
      expect(y).toBeGreaterThanOrEqual(8)
      expect(y + PANEL.height).toBeLessThanOrEqual(WINDOW.height - 8)
    }
  // Too large for it: its beginning is what is seen.
  expect(placeBeside(at(0, 0), PANEL, { width: 200, height: 200 }, false)).toEqual({ x: 8, y: 8 })
})

it('never covers a button, wherever that is', () => {
  for (let left = 0; left <= 900; left += 50)
    for (let top = 0; top <= 560; top += 20)
      for (const scrolls of [true, false]) {
        const button = at(left, top)
        const beside = placeBeside(button, PANEL, WINDOW, false)
        const { x, y, height = PANEL.height } = placeAt(button, PANEL, WINDOW, beside, scrolls)
        const apart =
          y >= button.bottom ||
          y + height <= button.top ||
          x >= button.right ||
          x + PANEL.width <= button.left
        expect(apart, JSON.stringify([button, x, y, height])).toBe(true)
      }
})

it('goes where a page can be scrolled to it; elsewhere to where there is most room, as high as that is', () => {
  const narrow = { width: 320, height: 600 }
  const place = (top: number, scrolls: boolean) => {
    const button = at(10, top, 300)
    return placeAt(button, PANEL, narrow, placeBeside(button, PANEL, narrow, false), scrolls)
  }
  expect(place(250, true)).toEqual({ x: 8, y: 298 })
  expect(place(250, false)).toEqual({ x: 8, y: 298, height: 294 })
  expect(place(320, false)).toEqual({ x: 8, y: 8, height: 304 })
})
