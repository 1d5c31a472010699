import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** A text that goes with a component. */
export interface LicenceText {
  /** What the file is called, and where it lies: it is read when it is asked for. */
  file: string
  path: string
}

const FILES = /^(licen[cs]e|copying|notice|unlicense)([.-].*)?$/i
const OWN = 'src/licenses/texts'

/** Packages that bring no text of their own: where it is from instead, and why. */
const INSTEAD: readonly { name: RegExp; files: string[]; why: string }[] = [
  {
    name: /^(pg-types|pgpass|schemes)$/,
    files: ['README.md'],
    why: 'It stands at the end of what it says of itself.',
  },
  {
    name: /^@esbuild\/[\w-]+$/,
    files: ['../../esbuild/LICENSE.md'],
    why: 'esbuild, made for one platform.',
  },
  {
    name: /^@node-rs\/argon2-[\w-]+$/,
    files: ['../argon2/LICENSE'],
    why: 'The same package, made for one platform.',
  },
  {
    name: /^@img\/sharp-libvips-[\w-]+$/,
    files: ['README.md', `/${OWN}/LGPL-3.0.txt`, `/${OWN}/GPL-3.0.txt`],
    why: 'It says what is in it, and under which licences.',
  },
  {
    name: /^abstract-logging$/,
    files: [`/${OWN}/abstract-logging.txt`],
    why: 'It links to the text, which is here.',
  },
  {
    name: /^(railroad-diagrams|spdx-license-ids)$/,
    files: ['README.md', `/${OWN}/CC0-1.0.txt`],
    why: 'It names the licence, whose text is here.',
  },
  {
    name: /^spdx-exceptions$/,
    files: ['README.md'],
    why: 'It names its authors; the licence may be named by its address.',
  },
]

/**
 * The texts that must go with a package: its own, or what stands for them. None if there are none: a test fails then.
 *
 * @param root where a path that begins with `/` begins
 */
export function textsOf(name: string, folder: string, root: string): LicenceText[] {
  const own = readdirSync(folder).filter((file) => FILES.test(file))
  const files = own.length > 0 ? own : (INSTEAD.find((one) => one.name.test(name))?.files ?? [])
  return files.map((file) => {
    const path = file.startsWith('/') ? join(root, file) : join(folder, file)
    return { file: basename(path), path }
  })
}

/** Some texts, one after the other. */
export async function readTexts(texts: readonly LicenceText[]): Promise<string> {
  const read = await Promise.all(texts.map(({ path }) => readFile(path, 'utf8')))
  return `${read.map((text) => text.trim()).join('\n\n----\n\n')}\n`
}
