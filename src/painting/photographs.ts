import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { COLUMNS, ROWS } from './size.ts'

/** A photograph, larger than a picture, so that each picture can show another part of it. RGB, row by row. */
export type Photograph = Uint8Array

export const PHOTOGRAPH_COLUMNS = COLUMNS * 1.5
export const PHOTOGRAPH_ROWS = ROWS * 1.5

/** More pixels than any camera has: a small file may claim to be huge, and unpacking it would take all memory. */
const PIXELS_MAX = 120_000_000

/** Each takes 1.5 MB per worker for as long as the service runs. */
const PHOTOGRAPHS_MAX = 32

const NAME = /\.(jpe?g|png|webp)$/i

/** Reads an operator's photographs. Those that cannot be used are left out, and told about. */
export async function loadPhotographs(
  folder: string,
): Promise<{ photographs: Photograph[]; notices: string[] }> {
  const photographs: Photograph[] = []
  const notices: string[] = []
  let names: string[] = []
  try {
    names = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  } catch (error) {
    notices.push(`The photographs' folder cannot be read: ${reasonOf(error)}`)
  }
  if (names.length > PHOTOGRAPHS_MAX) {
    notices.push(`Only the first ${PHOTOGRAPHS_MAX} of ${names.length} photographs are used.`)
  }
  for (const name of names.slice(0, PHOTOGRAPHS_MAX)) {
    try {
      photographs.push(await load(join(folder, name)))
    } catch (error) {
      notices.push(`The photograph ${name} is left out: ${reasonOf(error)}`)
    }
  }
  return { photographs, notices }
}

function load(file: string): Promise<Uint8Array> {
  return sharp(file, { limitInputPixels: PIXELS_MAX, failOn: 'error' })
    .autoOrient()
    .resize(PHOTOGRAPH_COLUMNS, PHOTOGRAPH_ROWS, { fit: 'cover' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
