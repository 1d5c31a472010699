#!/usr/bin/env node
import { ConfigError } from '../config.ts'
import { StoreRefused, StoreUnavailable } from '../store/store.ts'
import { UsageError } from './usage.ts'

const USAGE = `one-captcha start
one-captcha sites add --host HOST [--host HOST …] [--name NAME] [--mode checkbox|invisible|puzzle] [POLICY] [--json]
one-captcha sites list [--json]
one-captcha sites set SITEKEY [--host HOST …] [--name NAME] [--mode checkbox|invisible|puzzle] [POLICY] [--json]
one-captcha sites rotate SITEKEY [--overlap-hours 24] [--json]
one-captcha sites suspend|reinstate|remove SITEKEY [--json]
one-captcha accounts list [--json]
one-captcha accounts invite [--role developer|operator] [--json]
one-captcha accounts suspend|reinstate|terminate ID [--json]
one-captcha terms list [--json]
one-captcha terms show [N|draft] [--lang en] [--json]
one-captcha terms draft FILE.md [--lang en] [--summary TEXT] [--click|--use] [--json]
one-captcha terms discard [--json]
one-captcha terms announce [--effective 2027-01-31] [--json]
one-captcha terms withdraw N [--json]
one-captcha audit head [--json]
one-captcha audit verify [--head SEQ:HASH] [--json]
one-captcha audit export
one-captcha secrets scan PATH … [--json]
one-captcha backup FILE|FOLDER [--with-key] [--json]
one-captcha restore FILE [--json]
one-captcha import --from FOLDER [--json]
one-captcha migrate
one-captcha doctor [--json]

A POLICY is [--effort-floor 8] [--effort-ceiling 64] [--wait-ms 4000] [--token-life-ms 600000]
            [--kinds any|KIND,…] [--theme auto|light|dark] [--on-failure closed|open]
            [--noscript-per-hour 0].
A HOST is a name such as example.org, *.example.org, localhost or 127.0.0.1.
Settings come from the environment, the same as the service's: see docs/settings.md.
`

/** Every command. Each is loaded when it is called: most need little of the whole. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  start: async () => {
    await import('../main.ts')
    return 0
  },
  sites: async (args) => (await import('./sites.ts')).sites(args),
  accounts: async (args) => (await import('./accounts.ts')).accounts(args),
  terms: async (args) => (await import('./terms.ts')).terms(args),
  audit: async (args) => (await import('./audit.ts')).audit(args),
  secrets: async (args) => (await import('./secrets.ts')).secrets(args),
  backup: async (args) => (await import('./backup.ts')).backup(args),
  restore: async (args) => (await import('./restore.ts')).restore(args),
  import: async (args) => (await import('./import.ts')).importStore(args),
  migrate: async (args) => (await import('./migrate.ts')).migrate(args),
  doctor: async (args) => (await import('./doctor.ts')).doctor(args),
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  const asked = ['', 'help', '--help', '-h'].includes(name)
  process[asked ? 'stdout' : 'stderr'].write(
    asked ? USAGE : `There is no command of this name.\n\n${USAGE}`,
  )
  process.exitCode = asked ? 0 : 2
} else {
  try {
    process.exitCode = await command(args)
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${USAGE}`)
      process.exitCode = 2
    } else {
      const expected = [ConfigError, StoreRefused, StoreUnavailable].some(
        (one) => error instanceof one,
      )
      process.stderr.write(`${expected ? (error as Error).message : (error as Error).stack}\n`)
      process.exitCode = 1
    }
  }
}
