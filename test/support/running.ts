import { afterEach } from 'vitest'
import type { World } from '../../src/context.ts'
import { startService, type TestService } from './service.ts'

const services: TestService[] = []

/** Starts a service for the test that runs, and stops it after that. */
export async function running(
  settings: Record<string, string> = {},
  world?: World,
): Promise<TestService> {
  const service = await startService(settings, world)
  services.push(service)
  return service
}

/** Stops all that run. */
export async function stopAll(): Promise<void> {
  for (const service of services.splice(0)) await service.stop()
}

/** To be called once in a file that uses `running`. */
export function stopAfterEach() {
  afterEach(stopAll)
}

/** A clock that stands still, so that counts do not fade, however long a test takes. */
export function frozen(): () => number {
  const at = Date.now()
  return () => at
}
