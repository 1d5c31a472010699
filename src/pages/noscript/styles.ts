import { SHOWN } from '../../core/noscript.ts'
import type { Theme } from '../../core/policy.ts'
import { HEIGHT_PX, WIDTH_PX } from '../../painting/size.ts'
import { type Asset, styleAsset } from '../assets.ts'

/** How large the picture is shown, in CSS pixels. Always so: what is pressed is judged by where in it that was. */
export const PICTURE = { width: WIDTH_PX * SHOWN, height: HEIGHT_PX * SHOWN }

/** The longest wait, and how exactly its end is told. */
const DELAY_MAX_S = 600
const DELAY_STEP_S = 5

const HERE = import.meta.url
const FILES = [
  new URL('../tokens.css', HERE),
  new URL('../base.css', HERE),
  new URL('frame.css', HERE),
]

/** The frame's style sheets: as the visitor's system is, or as the page says. */
export const STYLES: Readonly<Record<Theme, Asset>> = {
  auto: sheet('noscript', (text) => text),
  light: sheet('noscript-light', (text) => always(text, 'light')),
  dark: sheet('noscript-dark', (text) => always(text, 'dark')),
}

/** The class of what is to be seen after this time, in milliseconds. */
export function delayed(ms: number): string {
  const steps = Math.ceil(ms / 1_000 / DELAY_STEP_S)
  return `in-${Math.min(Math.max(1, steps) * DELAY_STEP_S, DELAY_MAX_S)}`
}

function sheet(name: string, themed: (text: string) => string): Asset {
  return styleAsset(name, FILES, (text) => `${themed(text)}\n${measures()}`)
}

/** The same colours, whatever the system prefers. */
function always(text: string, theme: 'light' | 'dark'): string {
  return text
    .replaceAll(
      '@media (prefers-color-scheme: dark)',
      theme === 'dark' ? '@media all' : '@media not all',
    )
    .replace('color-scheme: light dark', `color-scheme: ${theme}`)
}

/** What no style attribute may say under the policy of the page. */
function measures(): string {
  const { width, height } = PICTURE
  const rules = [`input[type='image'] { width: ${width}px; height: ${height}px }`]
  for (let s = DELAY_STEP_S; s <= DELAY_MAX_S; s += DELAY_STEP_S) {
    rules.push(`.in-${s} { animation-delay: ${s}s }`)
  }
  return rules.join('\n')
}
