import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import type { FastifyInstance } from 'fastify'
import { sendCompressed } from '../server/widget.ts'
import { FAVICON } from './mark.tsx'

/** A file that the pages need, ready to be sent. */
interface Asset {
  path: string
  type: string
  body: Buffer
  br: Buffer
  gzip: Buffer
}

export const stylesheet: Asset = asset('page', 'css', 'text/css; charset=utf-8', styles())
export const favicon: Asset = asset('mark', 'svg', 'image/svg+xml', FAVICON)

/** Serves the pages' files. Their addresses change with their content, so that they are cached for good. */
export function assets(app: FastifyInstance) {
  for (const asset of [stylesheet, favicon]) {
    app.get(asset.path, { schema: { hide: true } }, (request, reply) => {
      reply.type(asset.type).header('cache-control', 'public, max-age=31536000, immutable')
      return sendCompressed(request, reply, asset)
    })
  }
}

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

function styles(): string {
  const files = ['tokens.css', 'page.css'].map((name) =>
    readFileSync(new URL(name, import.meta.url), 'utf8'),
  )
  return transformSync(files.join('\n'), { loader: 'css', minify: true }).code
}
