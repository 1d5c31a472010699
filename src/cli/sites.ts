import { readConfig } from '../config.ts'
import { openStore } from '../context.ts'
import { MODES, type Mode, readHost } from '../core/site.ts'
import type { Sites } from '../store/store.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  host: { type: 'string', multiple: true },
  mode: { type: 'string' },
  'overlap-hours': { type: 'string' },
  json: { type: 'boolean' },
} as const

type Options = ReturnType<typeof readArgs<typeof OPTIONS>>['values']

const HOUR_MS = 3_600_000
/** A month. */
const OVERLAP_HOURS_MAX = 720

/** `one-captcha sites …`: registers, lists and removes sites. Works while the service runs: it sees each change at once. */
export async function sites(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS)
  const [act = '', sitekey, ...rest] = positionals
  const run = Object.hasOwn(acts, act) ? acts[act] : undefined
  if (!run || rest.length > 0)
    throw new UsageError('sites needs one of: add, list, rotate, remove.')
  if ((act === 'rotate' || act === 'remove') !== (sitekey !== undefined)) {
    throw new UsageError(
      sitekey === undefined ? `sites ${act} needs a SITEKEY.` : `sites ${act} takes no SITEKEY.`,
    )
  }

  // Everything is read before the store is opened: a mistake changes nothing.
  const order = run(values, sitekey ?? '')
  const { store } = await openStore(readConfig(process.env))
  try {
    const { json, text, code = 0 } = await order(store.sites)
    process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${text}\n`)
    return code
  } finally {
    await store.close()
  }
}

type Report = { json: unknown; text: string; code?: number }

const acts: Record<
  string,
  (options: Options, sitekey: string) => (sites: Sites) => Promise<Report>
> = {
  add(options) {
    const hosts = readHosts(options.host ?? [])
    const mode = readMode(options.mode ?? 'checkbox')
    return async (all) => {
      const made = await all.add({ hosts, mode })
      return {
        json: made,
        text: `sitekey  ${made.sitekey}\nsecret   ${made.secret}\n\nThe secret is shown this once: give it to the site's backend.`,
      }
    }
  },

  list: () => async (all) => {
    const rows = await all.list()
    const lines = rows.map(
      (row) => `${row.sitekey}  ${row.mode.padEnd(9)}  ${row.hosts.join(', ')}`,
    )
    return {
      json: rows,
      text:
        lines.join('\n') || 'There are no sites yet. Add one: one-captcha sites add --host HOST',
    }
  },

  rotate(options, sitekey) {
    const hours = Number(options['overlap-hours'] ?? 24)
    if (!(hours >= 0 && hours <= OVERLAP_HOURS_MAX)) {
      throw new UsageError(`--overlap-hours must be 0 to ${OVERLAP_HOURS_MAX}.`)
    }
    return async (all) => {
      const made = await all.rotate(sitekey, hours * HOUR_MS)
      if (!made) return unknown
      return {
        json: { sitekey, ...made },
        text: `secret   ${made.secret}\n\nThe old one is good for ${hours} hours more.`,
      }
    }
  },

  remove: (_, sitekey) => async (all) => {
    if (!(await all.remove(sitekey))) return unknown
    return { json: { removed: true }, text: 'Removed. Nothing of this site is accepted any more.' }
  },
}

const unknown: Report = {
  json: {
    error: { code: 'sitekey-unknown', message: 'No site has this sitekey.', field: 'sitekey' },
  },
  text: 'No site has this sitekey.',
  code: 1,
}

function readHosts(inputs: string[]): string[] {
  if (inputs.length === 0) throw new UsageError('sites add needs at least one --host.')
  return inputs.map((input) => {
    const host = readHost(input)
    if (host) return host
    throw new UsageError(
      '--host must be a host name alone, such as example.org, *.example.org, localhost or 127.0.0.1.',
    )
  })
}

function readMode(input: string): Mode {
  const mode = MODES.find((one) => one === input)
  if (mode) return mode
  throw new UsageError(`--mode must be one of ${MODES.join(', ')}.`)
}
