import type { AddressInfo } from 'node:net'
import type { Config } from './config.ts'
import { buildContext, type Context, type World } from './context.ts'
import { buildApp } from './server/app.ts'

/** A running service. */
export interface Service {
  /** Where it listens. */
  url: string
  /** Where the demo is; null where there is none. */
  demoUrl: string | null
  /** Where the first operator makes an account, for a day and once; null where there is one, or no console. */
  firstUrl: string | null
  context: Context
  /** Lets open requests end, then closes everything. */
  stop(): Promise<void>
}

/** Starts the service. Installs no signal handlers: that is for the program (`main.ts`). */
export async function start(config: Config, world?: World): Promise<Service> {
  const context = await buildContext(config, world)
  const app = await buildApp(context)
  try {
    await app.listen({ host: config.host, port: config.port, backlog: 1_024 })
  } catch (error) {
    await app.close()
    await context.close()
    throw error
  }
  const { port } = app.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const url = `http://${host}:${port}`
  context.doctor.listensAt(url)
  const first = config.console ? await context.accounts.firstLink() : null
  return {
    url,
    firstUrl: first && `${config.publicUrl ?? localhost(url)}/console/sign-up?invitation=${first}`,
    demoUrl: context.demo ? `${config.publicUrl ?? url}/demo` : null,
    context,
    async stop() {
      await app.close()
      await context.close()
    },
  }
}

/** The same place by the name that passkeys can be bound to. */
function localhost(url: string): string {
  return url.replace('//127.0.0.1:', '//localhost:')
}
