#!/usr/bin/env node
import { ConfigError } from '../config.ts'
import { StoreRefused, StoreUnavailable } from '../store/store.ts'
import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { doctor } from './doctor.ts'
import { importStore } from './import.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'
import { secrets } from './secrets.ts'
import { sites } from './sites.ts'
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
            [--kinds any|KIND,…] [--theme auto|light|dark] [--on-failure closed|open].
A HOST is a name such as example.org, *.example.org, localhost or 127.0.0.1.
Settings come from the environment, the same as the service's: see docs/settings.md.
`

/** Every command. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
  start: async () => {
    await import('../main.ts')
    return 0
  },
  sites,
  accounts,
  audit,
  secrets,
  backup,
  restore,
  import: importStore,
  migrate,
  doctor,
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
