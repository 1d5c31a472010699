import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import type { World } from '../../src/context.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Mode } from '../../src/core/site.ts'
import { type Service, start } from '../../src/start.ts'

/** A real service in a temporary folder, on a free port of the loopback interface. */
export interface TestService extends Service {
  data: string
  /** Registers a site. Unless its policy says otherwise, it asks for as little work as there is. */
  addSite(
    hosts: string[],
    mode: Mode,
    policy?: Partial<Policy>,
  ): Promise<{ sitekey: string; secret: string }>
}

/** Starts a service in this process. Settings are those of the environment; a test may hand in the clock and the log. */
export async function startService(
  settings: Record<string, string> = {},
  world?: World,
): Promise<TestService> {
  const shared = settings.ONE_CAPTCHA_DATA
  const data = shared ?? mkdtempSync(join(tmpdir(), 'one-captcha-service-'))
  const service = await start(
    readConfig({
      ONE_CAPTCHA_PORT: '0',
      ONE_CAPTCHA_DATA: data,
      ONE_CAPTCHA_LOG_LEVEL: 'silent',
      ONE_CAPTCHA_CALM: '1000000',
      ...settings,
    }),
    world,
  )
  return {
    ...service,
    data,
    addSite: (hosts, mode, policy) =>
      service.context.store.sites.add({ hosts, mode, effortFloor: 1, ...policy }),
    async stop() {
      await service.stop()
      if (!shared) rmSync(data, { recursive: true, force: true })
    },
  }
}
