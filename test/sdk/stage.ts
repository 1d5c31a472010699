import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import type { VerifyOptions } from '../../sdk/src/verify.ts'
import { startService, type TestService } from '../support/service.ts'
import { HOST, quickToken } from '../support/visitor.ts'

/** A service with a site, and tokens for it. */
export interface SdkStage {
  service: TestService
  sitekey: string
  options: VerifyOptions
  token(facts?: { action?: string; cdata?: string; host?: string }): Promise<string>
  stop(): Promise<void>
}

export async function openSdkStage(): Promise<SdkStage> {
  const service = await startService()
  const { sitekey, secret } = await service.addSite([HOST, 'www.example.test'], 'checkbox')
  const seal = service.context.tools.seal
  return {
    service,
    sitekey,
    options: { service: service.url, secret },
    token: (facts = {}) =>
      quickToken({ service: service.url, origin: `https://${facts.host ?? HOST}` }, seal, {
        sitekey,
        ...facts,
      }),
    stop: () => service.stop(),
  }
}

/** Something that listens, and what was asked of it. */
export interface Stub {
  url: string
  stop(): Promise<void>
}

/** Answers in the service's place, for what a real one does not say. */
export async function stub(listener: RequestListener): Promise<Stub> {
  const server = createServer(listener)
  return { url: await listen(server), stop: () => stop(server) }
}

/** Carries bytes to the service and back, except that the first connections are cut once a reply comes. */
export async function cuttingProxy(to: string, cuts: number): Promise<Stub & { cut(): number }> {
  const target = new URL(to)
  const sockets = new Set<Socket>()
  let cut = 0
  const server = createTcpServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(upstream)
    upstream.on('data', (bytes) => {
      if (cut >= cuts) return client.write(bytes)
      cut += 1
      client.destroy()
      return upstream.destroy()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => cut,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Starts a server on a free port of the loopback interface. */
async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
