import type { Mounted, View } from '../../widget/view.ts'
import { recordTrace } from './recording.ts'
import { css } from './view.css'
import { en } from './words/en.ts'

interface Prompt {
  /** WebP pictures as base64. They are drawn, not linked to: a page's policy on images does not matter then. */
  scene: string
  piece: string
  /** CSS pixels, as is all below. */
  width: number
  height: number
  pieceWidth: number
  y: number
}

const BOTH_WAYS = 'M7 6l-4 4 4 4M13 6l4 4-4 4M3 10h14'
const LEFT = 'M12 5l-5 5 5 5'
const RIGHT = 'M8 5l5 5-5 5'
const FAR_LEFT = 'M10 5l-5 5 5 5M15 5l-5 5 5 5'
const FAR_RIGHT = 'M10 5l5 5-5 5M5 5l5 5-5 5'

/** The slider's browser half: by dragging, tapping, stepping or keys. Only a drag by the handle ends on release. */
export const view: View<Prompt> = {
  css,

  async mount(place, stage): Promise<Mounted<Prompt>> {
    const { h, icon } = stage
    const words = await stage.words(en)
    const scene = h('canvas')
    const piece = h('canvas', 'piece')
    const picture = h(
      'div',
      { class: 'picture', role: 'img', 'aria-label': fill(words.picture, stage.instead) },
      scene,
      piece,
    )
    const input = h('input', { type: 'range', min: 0, 'aria-label': words.slider, oninput: follow })
    const handle = h('div', 'handle', icon(BOTH_WAYS))
    const rail = h('div', 'rail', input, h('div', 'way', handle))
    const step = (by: number, path: string) =>
      h(
        'button',
        {
          'aria-label': fill(by < 0 ? words.left : words.right, Math.abs(by)),
          onclick: () => put(x + by),
        },
        icon(path),
      )
    const root = h(
      'div',
      'slider',
      picture,
      rail,
      h(
        'div',
        'steps',
        step(-10, FAR_LEFT),
        step(-1, LEFT),
        h('button', { class: 'check', onclick: check }, words.check),
        step(1, RIGHT),
        step(10, FAR_RIGHT),
      ),
    )
    place.replaceChildren(root)

    let prompt: Prompt
    let x = 0
    let max = 1

    /** Moves the piece, and everything that shows where it is. */
    function put(to: number) {
      x = Math.min(max, Math.max(0, to))
      root.style.setProperty('--x', `${x}`)
      const at = Math.round(x)
      if (+input.value !== at) input.value = `${at}`
      input.setAttribute('aria-valuetext', fill(words.position, at, max))
    }

    function follow() {
      put(+input.value)
    }

    function check() {
      if (x) stage.done({ x: tenths(x) })
      else stage.say(words.first)
    }

    function hold(event: PointerEvent) {
      if (event.button || root.classList.contains('held')) return
      const { clientX, pointerId } = event
      const target = event.currentTarget as HTMLElement
      const dragged = target === piece || event.target === handle
      const from = x
      const track = rail.getBoundingClientRect()
      const thumb = handle.offsetWidth
      // One to one with what is held: the piece in its picture, the handle on its track.
      const scale =
        target === piece ? prompt.width / picture.clientWidth : max / (track.width - thumb)
      if (!dragged) put((clientX - track.left - thumb / 2) * scale)
      const start = x
      const trace = recordTrace(picture, prompt.width)
      const life = new AbortController()
      const listening = { signal: life.signal, capture: true }

      function move(now: PointerEvent) {
        if (now.pointerId !== pointerId) return
        trace.add(now)
        put(start + (now.clientX - clientX) * scale)
      }
      function drop(to: number) {
        life.abort()
        root.classList.remove('held')
        put(to)
      }
      function release(now: PointerEvent) {
        if (now.pointerId !== pointerId) return
        move(now)
        drop(x)
        // Pressing the handle without moving it asks for nothing.
        if (dragged && x !== from) stage.done({ x: tenths(x) }, trace.points)
      }
      target.setPointerCapture(pointerId)
      root.classList.add('held')
      input.focus({ preventScroll: true })
      event.preventDefault()
      trace.add(event)
      target.addEventListener('pointermove', move, listening)
      target.addEventListener('pointerup', release, listening)
      target.addEventListener('pointercancel', () => drop(from), listening)
      addEventListener(
        'keydown',
        (key) => {
          if (key.key !== 'Escape') return
          // Only the piece goes back: the panel stays.
          key.preventDefault()
          key.stopPropagation()
          drop(from)
        },
        listening,
      )
    }
    rail.addEventListener('pointerdown', hold)
    piece.addEventListener('pointerdown', hold)

    return {
      ...words,
      async show(next) {
        const [behind, before] = await Promise.all([decode(next.scene), decode(next.piece)])
        prompt = next
        max = next.width - next.pieceWidth
        draw(scene, behind)
        draw(piece, before)
        root.style.cssText = `--width:${next.width};--piece:${next.pieceWidth};--max:${max};--y:${(next.y / next.height) * 100}%`
        input.max = `${max}`
        put(0)
      },
      focus: () => input.focus(),
    }
  },
}

/** A finger is no more exact than this. */
const tenths = (px: number) => Math.round(px * 10) / 10

function fill(sentence: string, ...values: (string | number)[]) {
  return sentence.replace(/\{(\d)\}/g, (_, i) => `${values[i]}`)
}

function decode(base64: string): Promise<ImageBitmap> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  return createImageBitmap(new Blob([bytes], { type: 'image/webp' }))
}

function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap) {
  canvas.width = bitmap.width
  canvas.height = bitmap.height
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0)
  bitmap.close()
}
