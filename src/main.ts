#!/usr/bin/env node
import { ConfigError, readConfig } from './config.ts'
import { StoreRefused, StoreUnavailable } from './store/store.ts'
import { registerTsx } from './tsx.ts'

registerTsx()

try {
  const { start } = await import('./start.ts')
  const service = await start(readConfig(process.env))
  process.stdout.write(`One Captcha is listening on ${service.url}\n`)
  if (service.demoUrl) process.stdout.write(`Try it: ${service.demoUrl}\n`)
  if (service.firstUrl) {
    process.stdout.write(
      `There is no operator yet. Become the first (once, today): ${service.firstUrl}\n`,
    )
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void service.stop().then(() => process.exit(0)))
  }
} catch (error) {
  const expected =
    [ConfigError, StoreRefused, StoreUnavailable].some((one) => error instanceof one) ||
    (error as NodeJS.ErrnoException).syscall === 'listen'
  process.stderr.write(
    `One Captcha could not start.\n${expected ? (error as Error).message : (error as Error).stack}\n`,
  )
  process.exit(1)
}
