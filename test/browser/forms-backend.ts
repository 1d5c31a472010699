import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { verify } from '../support/backend.ts'
import type { Site } from './site.ts'

/** A form as a backend received it. */
export interface Sent {
  path: string
  fields: FormData
  /** What the service says of each token in it: `good`, or why not. */
  verdicts: string[]
}

/** Pages of a site, and a backend that keeps whatever it is sent. */
export interface Backend {
  origin: string
  sent: Sent[]
  /** Serves a page, and gives back its address. */
  page(body: string, head?: string): string
  /** What is answered to forms that go to a path. */
  answer(path: string, answer: (sent: Sent) => Answer | Promise<Answer>): void
  stop(): Promise<void>
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string
}

/** Libraries that take over what a page sends, as they are published. */
const LIBRARIES = ['/turbo.js', '/htmx.js']
const CLIENTS = fileURLToPath(new URL('../clients/pages', import.meta.url))

async function libraries(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: LIBRARIES.map((path) => CLIENTS + path),
    bundle: true,
    write: false,
    outdir: '/',
    format: 'iife',
    logLevel: 'error',
  })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}

export async function openBackend(service: string, site: Site): Promise<Backend> {
  const scripts = await libraries()
  const pages = new Map<string, string>()
  const answers = new Map<string, Parameters<Backend['answer']>[1]>()
  const sent: Sent[] = []

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    if (request.method === 'GET') {
      const text = scripts.get(pathname) ?? pages.get(pathname)
      const type = scripts.has(pathname) ? 'text/javascript' : 'text/html'
      response.writeHead(text === undefined ? 404 : 200, {
        'content-type': `${type}; charset=utf-8`,
      })
      return response.end(text)
    }
    const body = new Response(await buffer(request), {
      headers: { 'content-type': request.headers['content-type']! },
    })
    const fields = await body.formData()
    const verdicts = await Promise.all(
      fields.getAll('one-captcha-response').map(async (token) => {
        const { finding } = await verify(service, { secret: site.secret, response: String(token) })
        return finding.success ? 'good' : finding.reason!
      }),
    )
    const one = { path: pathname, fields, verdicts }
    sent.push(one)
    const answer = await answers.get(pathname)?.(one)
    const told = `<!doctype html><title>Told</title><p>Welcome</p>`
    const { status = 200, headers = {}, body: text = told } = answer ?? {}
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const origin = `http://${new URL(site.origin).hostname}:${(server.address() as AddressInfo).port}`

  return {
    origin,
    sent,
    page(body, head = '') {
      const path = `/${pages.size + 1}`
      pages.set(path, documentOf(service, body, head))
      return origin + path
    },
    answer: (path, answer) => answers.set(path, answer),
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export function documentOf(service: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>${head}
    <script src="${service}/v1/widget.js" async></script></head><body><main><h1>A site</h1>${body}</main></body></html>`
}
