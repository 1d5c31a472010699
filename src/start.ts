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
  return {
    url,
    demoUrl: context.demo ? `${config.publicUrl ?? url}/demo` : null,
    context,
    async stop() {
      await app.close()
      await context.close()
    },
  }
}
