import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Policy } from '../../src/core/policy.ts'
import type { Mode } from '../../src/core/site.ts'
import { type Finding, verify } from '../support/backend.ts'
import type { TestService } from '../support/service.ts'

/** A site of somebody's: pages of another origin than the service's, and a backend that asks the service. */
export interface Site {
  origin: string
  sitekey: string
  secret: string
  /** Serves a page, and gives back its address. */
  page(body: string, options?: PageOptions): string
  /** What the backend heard of the service, one per form that was sent. */
  findings: Finding[]
  /** The fields of the form that was sent last. */
  fields(): URLSearchParams
  stop(): Promise<void>
}

interface PageOptions {
  head?: string
  /** Attributes of the page's `html`. */
  html?: string
  headers?: Record<string, string>
  /** Leaves out the widget's script. */
  script?: string | false
}

/** Registers a site for a host name and serves it. Browsers find all that ends in `.localhost` on their own machine. */
export async function openSite(
  service: TestService,
  mode: Mode,
  host = `${mode}.localhost`,
  policy?: Partial<Policy>,
): Promise<Site> {
  return serveSite(service.url, await service.addSite([host], mode, policy), host)
}

/** Serves a site on a free port of the loopback interface. */
export async function serveSite(
  service: string,
  keys: { sitekey: string; secret: string },
  host: string,
): Promise<Site> {
  const pages = new Map<string, { text: string; headers: Record<string, string> }>()
  const findings: Finding[] = []
  let fields = new URLSearchParams()

  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      fields = new URLSearchParams(await text(request))
      const token = fields.get('one-captcha-response') ?? ''
      const { finding } = await verify(service, { secret: keys.secret, response: token })
      findings.push(finding)
      const told = finding.success ? 'Welcome' : `Refused: ${finding.reason}`
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      return response.end(`<!doctype html><title>Site</title><p id="told">${told}</p>`)
    }
    const page = pages.get(pathOf(request))
    if (!page) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers })
    response.end(page.text)
  })
  const origin = `http://${host}:${await listen(server)}`

  return {
    origin,
    sitekey: keys.sitekey,
    secret: keys.secret,
    findings,
    fields: () => fields,
    page(body, { head = '', html = 'lang="en"', headers = {}, script = '/v1/widget.js' } = {}) {
      const path = `/${pages.size + 1}`
      const widget = script ? `<script src="${service}${script}" async></script>` : ''
      pages.set(path, {
        text: `<!doctype html><html ${html}><head><meta charset="utf-8"><title>Site</title><meta name="viewport" content="width=device-width">${head}${widget}</head><body><main><h1>A site</h1>${body}</main></body></html>`,
        headers,
      })
      return origin + path
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A form with a widget in it. */
export function form(sitekey: string, attributes = '', more = ''): string {
  return `<form method="post" action="/join"><label>Name <input name="who" value="Ada"></label>
    <one-captcha sitekey="${sitekey}" ${attributes}></one-captcha>${more}<button>Join</button></form>`
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url!, 'http://localhost').pathname
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
