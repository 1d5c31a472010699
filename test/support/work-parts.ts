import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { WORK_HEADERS, workDocument } from '../../src/widget/work/document.ts'

/** The parts that do the work, served from one origin, and pages that want work done, from another. */
export interface WorkParts {
  /** The service's origin, where the parts are. */
  service: string
  /** Another origin, where pages are. */
  site: string
  /** What was asked of the service, in order. */
  requests: { path: string; headers: IncomingHttpHeaders }[]
  /** Serves a page at `/` of both origins, with the page's half of the work as `work`, and `engines`. */
  setPage(headers: Record<string, string>, body?: string): void
  /** Serves something else for a path of the service; null for nothing at all. */
  replace(path: string, text: string | null): void
  /** What a path of the service serves. */
  text(path: string): string
  reset(): void
  stop(): Promise<void>
}

interface File {
  type: string
  text: string
  headers?: Record<string, string>
}

/** Bundles and serves them, on free ports of the loopback interface. */
export async function serveWorkParts(): Promise<WorkParts> {
  const frame = workDocument(await bundle('widget/work/frame.ts', 'iife'))
  const files: Record<string, File> = {
    '/parts/frame.html': { type: 'text/html', text: frame.html, headers: frame.headers },
    '/parts/worker.js': script(await bundle('widget/work/worker.ts', 'iife')),
    '/parts/solver.js': script(await bundle('widget/work/solver.ts', 'esm')),
    '/open.js': script(await bundle('widget/work/open.ts', 'iife', 'work')),
    '/engines.js': script(await bundle('pow/sha256/engines.ts', 'iife', 'engines')),
  }
  let page: File = { type: 'text/html', text: '' }
  let served: Record<string, File | null> = { ...files }
  const requests: WorkParts['requests'] = []

  const service = createServer((request, response) => {
    const path = request.url!
    requests.push({ path, headers: request.headers })
    const file = path === '/' ? page : served[path]
    if (!file) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': file.type, ...file.headers }).end(file.text)
  })
  const site = createServer((request, response) => {
    if (request.url !== '/') return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': page.type, ...page.headers }).end(page.text)
  })
  const origin = `http://127.0.0.1:${await listen(service)}`
  const sitePort = await listen(site)

  return {
    service: origin,
    site: `http://localhost:${sitePort}`,
    requests,
    setPage(headers, body = '') {
      const scripts = ['/open.js', '/engines.js'].map(
        (path) => `<script src="${origin}${path}"></script>`,
      )
      const text = `<!doctype html><title>Page</title>${body}${scripts.join('')}`
      page = { type: 'text/html', text, headers }
    },
    replace(path, text) {
      served[path] = text === null ? null : { ...served[path]!, text }
    },
    text: (path) => files[path]!.text,
    reset() {
      served = { ...files }
      requests.length = 0
      page = { type: 'text/html', text: '' }
    },
    async stop() {
      for (const server of [service, site]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

/** Bundles a file of `src`, much as the widget's build does. */
export async function bundle(
  path: string,
  format: 'iife' | 'esm',
  globalName?: string,
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/${path}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format,
    globalName,
    target: 'es2022',
  })
  return outputFiles[0]!.text
}

function script(text: string): File {
  return { type: 'text/javascript', text, headers: WORK_HEADERS }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
