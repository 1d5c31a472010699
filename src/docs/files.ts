import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'

const DOCS = new URL('../../docs/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.toml': 'application/toml; charset=utf-8',
}
/** The documents' pictures are taken with two pixels for each that a page has. */
const PIXELS = 2

/** A file beside the documents that readers may have too. */
export interface File {
  url: URL
  type: string
}

/** By its path within `docs/`: nothing else is ever sent. A service without its documents does all else. */
export const FILES: ReadonlyMap<string, File> = new Map(
  ['', 'images/']
    .filter((folder) => existsSync(new URL(folder, DOCS)))
    .flatMap((folder) =>
      readdirSync(new URL(folder, DOCS))
        .filter((name) => extname(name) in TYPES)
        .map((name) => {
          const path = `${folder}${name}`
          return [path, { url: new URL(path, DOCS), type: TYPES[extname(name)]! }]
        }),
    ),
)

/** The names of all documents, as `docs/` has them. */
export function documentNames(): string[] {
  return readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length))
    .sort()
}

/** A document as it is written. */
export function readDocument(name: string): string {
  return readFileSync(new URL(`${name}.md`, DOCS), 'utf8')
}

/** How large a picture is on a page, in CSS pixels. */
export function sizeOfPicture({ url, type }: File): { width: number; height: number } {
  const bytes = readFileSync(url)
  if (type === 'image/png') {
    // The header of every PNG: width and height are the first two fields of its first chunk.
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
    return { width: Math.round(width / PIXELS), height: Math.round(height / PIXELS) }
  }
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(bytes.toString()) ?? []
  if (!width || !height) throw new Error(`${url.pathname} does not say how large it is.`)
  return { width: Number(width), height: Number(height) }
}
