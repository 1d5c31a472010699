import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What stands before a service, and answers in its place. */
export interface Proxy {
  url: string
  /** The tokens that came, and the paths of what else was called. */
  heard: string[]
  close(): Promise<void>
}

/**
 * Opens a proxy that answers with the status that a token is, such as `403`, and a page of HTML; `403 yes` has a finding in its
 * place by which everybody passes. Its redirects lead to such a finding, too.
 */
export async function openProxy(): Promise<Proxy> {
  const heard: string[] = []
  const server = createServer(async (request, response) => {
    const token = new URLSearchParams(await text(request)).get('response')
    heard.push(token ?? request.url!)
    const [status, yes] = (token ?? '200 yes').split(' ')
    if (status!.startsWith('3')) response.setHeader('location', '/elsewhere')
    response.writeHead(Number(status) || 400, {
      'content-type': yes ? 'application/json' : 'text/html',
    })
    response.end(yes ? '{"success":true}' : '<!doctype html><title>Blocked</title>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
