/**
 * `npm run screenshots [-- PART …]`: takes the pictures of the docs anew, from the running service, into `docs/images/`.
 * The parts are `widget`, `console` and `terms`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import sharp from 'sharp'
import { registerTsx } from '../src/tsx.ts'
import { CHROMIUM_ARGS, chromiumPath } from './support/chromium.ts'

/** Keeps a picture under its name. */
export type Save = (name: string, bytes: Buffer) => Promise<unknown>

const IMAGES = join(import.meta.dirname, '../docs/images')

registerTsx()
const parts: Record<string, (browser: Browser, save: Save) => Promise<void>> = {
  widget: (await import('./widget-pictures.ts')).takeWidgetPictures,
  console: (await import('./console-pictures.ts')).takeConsolePictures,
  terms: (await import('./terms-pictures.ts')).takeTermsPictures,
}
const asked = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS })
mkdirSync(IMAGES, { recursive: true })
try {
  for (const [name, take] of Object.entries(parts))
    if (asked.length === 0 || asked.includes(name)) await take(browser, save)
} finally {
  await browser.close()
}

/** A palette is enough for a page, and a quarter of the bytes in everybody's clone. */
function save(name: string, bytes: Buffer) {
  return sharp(bytes)
    .png({ palette: true, quality: 90, effort: 10 })
    .toFile(join(IMAGES, `${name}.png`))
}
