import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { buildSync, transformSync } from 'esbuild'
import type { FastifyInstance } from 'fastify'
import { sendCompressed } from '../server/widget.ts'
import { FAVICON } from './mark.tsx'

/** A file that the pages need, ready to be sent. */
export interface Asset {
  path: string
  type: string
  body: Buffer
  br: Buffer
  gzip: Buffer
}

const HERE = import.meta.url

export const stylesheet: Asset = styleAsset('page', [
  new URL('tokens.css', HERE),
  new URL('base.css', HERE),
  new URL('page.css', HERE),
  new URL('terms.css', HERE),
])
export const favicon: Asset = asset('mark', 'svg', 'image/svg+xml', FAVICON)

/** Serves the pages' files. Their addresses change with their content, so that they are cached for good. */
export function assets(app: FastifyInstance, files: readonly Asset[] = [stylesheet, favicon]) {
  for (const asset of files) {
    app.get(asset.path, { schema: { hide: true } }, (request, reply) => {
      reply.type(asset.type).header('cache-control', 'public, max-age=31536000, immutable')
      return sendCompressed(request, reply, asset)
    })
  }
}

/**
 * A style sheet made of several, in this order.
 *
 * @param finish what is still to be done with their text
 */
export function styleAsset(
  name: string,
  files: readonly URL[],
  finish = (text: string) => text,
): Asset {
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  const { code } = transformSync(finish(text), { loader: 'css', minify: true })
  return asset(name, 'css', 'text/css; charset=utf-8', code)
}

/** A script made of a file and what it imports, for browsers that the widget knows too. */
export function scriptAsset(name: string, file: URL, notice = ''): Asset {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(file)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome102', 'firefox112', 'safari16.4'],
    legalComments: 'none',
    banner: { js: notice },
    tsconfigRaw: {},
  })
  return asset(name, 'js', 'text/javascript; charset=utf-8', outputFiles[0]!.text)
}

/** A text under an address that changes with it. */
function asset(name: string, extension: string, type: string, text: string): Asset {
  const body = Buffer.from(text)
  const print = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return {
    path: `/pages/${name}-${print}.${extension}`,
    type,
    body,
    br: brotliCompressSync(body),
    gzip: gzipSync(body),
  }
}
