import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Component, componentsOf } from './components.ts'
import type { LicenceText } from './texts.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What the software is made of. */
export interface Licences {
  own: { name: string; version: string; license: string; texts: LicenceText[] }
  /** What runs on the server. */
  server: readonly Component[]
  /** What is sent to browsers, beside our own: nothing to visitors, and to the console what draws its charts. */
  browser: readonly Component[]
  /** What was taken into our own source. */
  source: readonly Component[]
}

/** Packages that get into files for browsers. A test looks into what is built. */
const BROWSER: readonly string[] = ['uplot']

let read: Licences | undefined

/** Read when it is first asked for: nothing that visitors wait for needs it. */
export function licences(root = ROOT): Licences {
  if (root !== ROOT) return readLicences(root)
  read ??= readLicences(root)
  return read
}

function readLicences(root: string): Licences {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const server = componentsOf(root)
  const texts = ['LICENSE', 'NOTICE'].map((file) => ({ file, path: join(root, file) }))
  return {
    own: { name, version, license, texts },
    server,
    browser: server.filter((one) => BROWSER.includes(one.name)),
    source: [
      {
        ...{ name: 'zxcvbn', version: '4', license: 'MIT', purl: 'pkg:npm/zxcvbn' },
        ...{ homepage: 'https://github.com/dropbox/zxcvbn', integrity: '', needs: [] },
        texts: [{ file: 'zxcvbn.txt', path: join(root, 'src/licenses/texts/zxcvbn.txt') }],
      },
    ],
  }
}

/** What goes to browsers, by itself: its own bill of materials is made from it. */
export function browserOnly(all: Licences): Licences {
  return { ...all, server: all.browser, source: [] }
}
