import { BadRequest } from '../core/bad-request.ts'
import { assertPolicy, DEFAULT_POLICY, type Policy, PolicyError } from '../core/policy.ts'
import { MODES, type Mode, readHost } from '../core/site.ts'
import { PUZZLES } from '../kinds/index.ts'
import { readName } from '../manage/read.ts'
import type { SiteSettings, Sites } from '../store/store.ts'
import { openOurStore } from './open.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  name: { type: 'string' },
  host: { type: 'string', multiple: true },
  mode: { type: 'string' },
  'effort-floor': { type: 'string' },
  'effort-ceiling': { type: 'string' },
  'wait-ms': { type: 'string' },
  'token-life-ms': { type: 'string' },
  kinds: { type: 'string' },
  theme: { type: 'string' },
  'on-failure': { type: 'string' },
  'noscript-per-hour': { type: 'string' },
  'overlap-hours': { type: 'string' },
  json: { type: 'boolean' },
} as const

type Options = ReturnType<typeof readArgs<typeof OPTIONS>>['values']

const HOUR_MS = 3_600_000
/** A month. */
const OVERLAP_HOURS_MAX = 720

/** The options that are a site's policy. */
const POLICY_OPTIONS = {
  effortFloor: 'effort-floor',
  effortCeiling: 'effort-ceiling',
  waitMs: 'wait-ms',
  tokenLifeMs: 'token-life-ms',
  kinds: 'kinds',
  theme: 'theme',
  onFailure: 'on-failure',
  noscriptPerHour: 'noscript-per-hour',
} as const satisfies Record<keyof Policy, keyof typeof OPTIONS>

/** The acts on one site. */
const ON_ONE = ['set', 'rotate', 'suspend', 'reinstate', 'remove']

/** What the audit log says of changes by whoever has the machine. */
const BY = 'cli'

/** `one-captcha sites …`: registers, lists, changes and removes sites. Works while the service runs: it sees each change at once. */
export async function sites(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS)
  const [act = '', sitekey, ...rest] = positionals
  const run = Object.hasOwn(acts, act) ? acts[act] : undefined
  if (!run || rest.length > 0)
    throw new UsageError(`sites needs one of: ${Object.keys(acts).join(', ')}.`)
  if (ON_ONE.includes(act) !== (sitekey !== undefined)) {
    throw new UsageError(
      sitekey === undefined ? `sites ${act} needs a SITEKEY.` : `sites ${act} takes no SITEKEY.`,
    )
  }

  // Everything is read before the store is opened: a mistake changes nothing.
  const order = run(values, sitekey ?? '')
  const { store, close } = await openOurStore()
  try {
    const { json, text, code = 0 } = await order(store.sites)
    process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${text}\n`)
    return code
  } catch (error) {
    throw inOptions(error)
  } finally {
    await close()
  }
}

const HEADING = `${'sitekey'.padEnd(26)}  mode       effort        wait      hosts`

type Report = { json: unknown; text: string; code?: number }

const acts: Record<
  string,
  (options: Options, sitekey: string) => (sites: Sites) => Promise<Report>
> = {
  add(options) {
    const hosts = readHosts(options.host ?? [])
    if (hosts.length === 0) throw new UsageError('sites add needs at least one --host.')
    const mode = readMode(options.mode ?? 'checkbox')
    const policy = readPolicy(options, DEFAULT_POLICY)
    const name = readOurName(options.name ?? '')
    return async (all) => {
      const made = await all.add({ name, hosts, mode, ...policy }, BY)
      return {
        json: made,
        text: `sitekey  ${made.sitekey}\nsecret   ${made.secret}\n\nThe secret is shown this once: give it to the site's backend.`,
      }
    }
  },

  list: () => async (all) => {
    const rows = await all.list()
    const lines = rows.map((row) => {
      const effort = `${row.effortFloor} to ${row.effortCeiling}`
      const columns = [
        row.sitekey,
        (row.state === 'active' ? row.mode : row.state).padEnd(9),
        effort.padEnd(12),
        `${row.waitMs} ms`.padEnd(8),
      ]
      const name = row.name === '' ? '' : `  (${row.name})`
      return `${columns.join('  ')}  ${row.hosts.join(', ')}${name}`
    })
    if (lines.length > 0) lines.unshift(HEADING)
    return {
      json: rows,
      text:
        lines.join('\n') || 'There are no sites yet. Add one: one-captcha sites add --host HOST',
    }
  },

  set(options, sitekey) {
    const changes = readPolicy<Partial<SiteSettings>>(options, {})
    if (options.name !== undefined) changes.name = readOurName(options.name)
    if (options.host) changes.hosts = readHosts(options.host)
    if (options.mode !== undefined) changes.mode = readMode(options.mode)
    if (Object.keys(changes).length === 0) {
      throw new UsageError('sites set needs something to change.')
    }
    return async (all) => {
      if (!(await all.set(sitekey, changes, BY))) return unknown
      return { json: { sitekey, ...changes }, text: 'Changed, for the next visitor already.' }
    }
  },

  rotate(options, sitekey) {
    const hours = Number(options['overlap-hours'] ?? 24)
    if (!(hours >= 0 && hours <= OVERLAP_HOURS_MAX)) {
      throw new UsageError(`--overlap-hours must be 0 to ${OVERLAP_HOURS_MAX}.`)
    }
    return async (all) => {
      const made = await all.rotate(sitekey, hours * HOUR_MS, BY)
      if (!made) return unknown
      return {
        json: { sitekey, secret: made.secret, id: made.id },
        text: `secret   ${made.secret}\n\nThe old one is good for ${hours} hours more.`,
      }
    }
  },

  suspend: (_, sitekey) => async (all) => {
    if (!(await all.setState(sitekey, 'suspended', BY))) return unknown
    return {
      json: { sitekey, state: 'suspended' },
      text: 'Suspended. Nothing of this site is accepted until it is reinstated.',
    }
  },

  reinstate: (_, sitekey) => async (all) => {
    if (!(await all.setState(sitekey, 'active', BY))) return unknown
    return { json: { sitekey, state: 'active' }, text: 'Reinstated.' }
  },

  remove: (_, sitekey) => async (all) => {
    if (!(await all.remove(sitekey, BY))) return unknown
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
  return inputs.map((input) => {
    const host = readHost(input)
    if (host) return host
    throw new UsageError(
      '--host must be a host name alone, such as example.org, *.example.org, localhost or 127.0.0.1.',
    )
  })
}

/** A policy, as far as it is given. Whether it goes with a site's own, the store says. */
function readPolicy<P extends Partial<Policy>>(options: Options, given: P): P {
  const wished: Record<string, unknown> = {}
  for (const [field, option] of Object.entries(POLICY_OPTIONS)) {
    const input = options[option]
    if (input !== undefined) wished[field] = READERS[field as keyof Policy](input)
  }
  const policy = { ...given, ...wished }
  try {
    assertPolicy(policy)
  } catch (error) {
    throw inOptions(error)
  }
  return policy
}

const whole = (input: string) => (/^\d{1,9}$/.test(input) ? Number(input) : Number.NaN)
const text = (input: string) => input

const READERS: Record<keyof Policy, (input: string) => unknown> = {
  effortFloor: whole,
  effortCeiling: whole,
  waitMs: whole,
  tokenLifeMs: whole,
  kinds: readKinds,
  theme: text,
  onFailure: text,
  noscriptPerHour: whole,
}

function readKinds(input: string): string[] {
  const kinds = input === 'any' ? [] : input.split(',')
  if (kinds.every((kind) => PUZZLES.includes(kind))) return [...new Set(kinds)]
  throw new UsageError(`--kinds must be any, or some of ${PUZZLES.join(', ')} with commas between.`)
}

function readOurName(input: string): string {
  try {
    return readName(input, '--name')
  } catch (error) {
    throw error instanceof BadRequest ? new UsageError(error.message) : error
  }
}

/** The same mistake, in the words of the command line. */
function inOptions(error: unknown): unknown {
  if (!(error instanceof PolicyError)) return error
  const { field, must } = error
  const named = must.replace(/effortCeiling/, `--${POLICY_OPTIONS.effortCeiling}`)
  return new UsageError(`--${POLICY_OPTIONS[field]} must be ${named}.`)
}

function readMode(input: string): Mode {
  const mode = MODES.find((one) => one === input)
  if (mode) return mode
  throw new UsageError(`--mode must be one of ${MODES.join(', ')}.`)
}
