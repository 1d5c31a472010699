import { readFileSync } from 'node:fs'
import { type Config, readConfig } from '../config.ts'
import { BadRequest } from '../core/bad-request.ts'
import { minuteOf, readDay, readMinute } from '../moments.ts'
import { TermsRefused, type TermsRow, type TermsRows } from '../store/store.ts'
import { readDraft } from '../terms/draft.ts'
import { foundingTexts } from '../terms/founding.ts'
import { standingsAt } from '../terms/states.ts'
import type { DraftText, VersionText } from '../terms/terms.ts'
import { openOurStore } from './open.ts'
import { readArgs, UsageError } from './usage.ts'

const OPTIONS = {
  lang: { type: 'string' },
  summary: { type: 'string' },
  click: { type: 'boolean' },
  use: { type: 'boolean' },
  effective: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** What the audit log says of changes by whoever has the machine. */
const BY = 'cli'
const DAY_MS = 86_400_000

interface Asked {
  rows: TermsRows
  config: Config
  /** What follows the act: a number, a file, or ''. */
  what: string
  values: ReturnType<typeof readArgs<typeof OPTIONS>>['values']
}

type Report = { json: unknown; text: string; code?: number }

/** What each act may be told, and whether something follows it. */
const ACTS: Record<string, { options: string[]; takes: 'nothing' | 'maybe' | string }> = {
  list: { options: [], takes: 'nothing' },
  show: { options: ['lang'], takes: 'maybe' },
  draft: { options: ['lang', 'summary', 'click', 'use'], takes: 'a FILE' },
  discard: { options: [], takes: 'nothing' },
  announce: { options: ['effective'], takes: 'nothing' },
  withdraw: { options: [], takes: 'a number' },
}

/** `one-captcha terms …`: writes versions of the Terms and has them announced. The service need not run. */
export async function terms(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS)
  const [act = '', what = '', ...rest] = positionals
  const known = Object.hasOwn(ACTS, act) ? ACTS[act]! : undefined
  if (!known || rest.length > 0)
    throw new UsageError(`terms needs one of: ${Object.keys(ACTS).join(', ')}.`)
  if (known.takes === 'nothing' && what !== '') throw new UsageError(`terms ${act} takes no more.`)
  if (!['nothing', 'maybe'].includes(known.takes) && what === '')
    throw new UsageError(`terms ${act} needs ${known.takes}.`)
  for (const option of Object.keys(values)) {
    if (option !== 'json' && !known.options.includes(option))
      throw new UsageError(`--${option} does not go with terms ${act}.`)
  }
  if (values.click && values.use) throw new UsageError('It is --click or --use, not both.')

  const config = readConfig(process.env)
  const { store, close } = await openOurStore()
  try {
    const { json, text, code = 0 } = await acts[act]!({ rows: store.terms, config, what, values })
    process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${text}\n`)
    return code
  } catch (error) {
    const said = refusalOf(error)
    if (!said) throw error
    process.stdout.write(values.json ? `${JSON.stringify({ error: said })}\n` : `${said.message}\n`)
    return 1
  } finally {
    await close()
  }
}

const acts: Record<string, (asked: Asked) => Promise<Report>> = {
  async list({ rows }) {
    const [all, draft] = await Promise.all([rows.list(), rows.draft()])
    const standings = standingsAt(all, Date.now())
    const versions = [
      ...(draft ? [{ ...outline(draft), state: 'draft' }] : []),
      ...all
        .toReversed()
        .map((row) => ({ ...outline(row), state: standings.get(row.number)!.state })),
      { number: 0, state: standings.get(0)!.state, effectiveAt: null, summary: '' },
    ]
    const lines = versions.map(({ number, state, effectiveAt, summary }) =>
      [
        String(number).padStart(4),
        state.padEnd(10),
        (effectiveAt === null ? '' : minute(effectiveAt)).padEnd(20),
        number === 0 ? 'the founding text' : summary.replace(/\s+/g, ' ').slice(0, 60),
      ]
        .join('  ')
        .trimEnd(),
    )
    return { json: versions, text: lines.join('\n') }
  },

  async show({ rows, config, what, values }) {
    const texts = await textsOf(rows, config, what)
    const text = values.lang ? texts.find(({ lang }) => lang === values.lang) : texts[0]
    if (!text)
      throw new TermsRefused(
        'missing',
        texts.length > 0 ? 'It is not there in this language.' : 'There is no such version.',
      )
    return { json: text, text: text.text.replace(/\n$/, '') }
  },

  async draft({ rows, config, what: file, values }) {
    const { lang = 'en' } = values
    if (values.click && !config.console)
      throw new UsageError('Without the console nobody could give a click.')
    const before = await rows.draft()
    const begun: DraftText = before ?? {
      ...{ summary: '', acceptance: 'use' },
      texts: await textsOf(rows, config, 'newest'),
    }
    const text = contentOf(file)
    const has = begun.texts.some((one) => one.lang === lang)
    const texts = begun.texts.map((one) => ({
      lang: one.lang,
      text: one.lang === lang ? text : one.text,
    }))
    const draft = readDraft({
      summary: values.summary ?? begun.summary,
      acceptance: values.click ? 'click' : values.use ? 'use' : begun.acceptance,
      texts: has ? texts : [...texts, { lang, text }],
    })
    const row = await rows.write(draft, BY, before?.changedAt ?? null)
    const languages = draft.texts.map((one) => one.lang)
    return {
      json: { ...outline(row), languages },
      text: `The draft of version ${row.number} is saved: ${languages.join(', ')}. It is accepted by ${row.acceptance === 'click' ? 'a click' : 'use'}.${row.summary === '' ? ' It needs a summary before it can be announced: --summary.' : ''}`,
    }
  },

  async discard({ rows }) {
    const done = await rows.discard(BY)
    if (!done) throw new TermsRefused('missing', 'There is no draft.')
    return { json: { discarded: true }, text: 'The draft is thrown away.' }
  },

  async announce({ rows, config, values }) {
    const effectiveAt = values.effective === undefined ? null : momentIn(values.effective)
    const noticeMs = config.termsNoticeDays * DAY_MS
    const row = await rows.announce({ effectiveAt, noticeMs }, BY)
    const { accounts, letters } = await rows.audience()
    return {
      json: { ...outline(row), accounts, letters },
      text: `Version ${row.number} is announced, and in force from ${minute(row.effectiveAt!)} on. ${accounts} accounts see it, ${letters} of them get a letter from the service.`,
    }
  },

  async withdraw({ rows, what }) {
    const number = numberIn(what)
    await rows.withdraw(number, BY)
    return {
      json: { number, state: 'withdrawn' },
      text: `Version ${number} is withdrawn. Its number is not used again.`,
    }
  },
}

/** @param what a number, `draft`, `newest`, or '' for the version in force */
async function textsOf(
  rows: TermsRows,
  config: Config,
  what: string,
): Promise<readonly VersionText[]> {
  if (what === 'draft') return (await rows.draft())?.texts ?? []
  const all = await rows.list()
  const standings = standingsAt(all, Date.now())
  const holds = all.findLast(({ number }) => standings.get(number)!.state === 'in-force')?.number
  const newest = all.findLast(({ withdrawnAt }) => withdrawnAt === null)?.number
  const number = what === '' ? holds : what === 'newest' ? newest : numberIn(what)
  if (number === undefined || number === 0) return foundingTexts(config)
  return all.some((row) => row.number === number) ? rows.texts(number) : []
}

function outline({ number, summary, acceptance, announcedAt, effectiveAt, withdrawnAt }: TermsRow) {
  return { number, summary, acceptance, announcedAt, effectiveAt, withdrawnAt }
}

function numberIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError('A version is named by its number.')
  return Number(text)
}

/** A day begins at midnight, UTC. */
function momentIn(text: string): number {
  const day = readDay(text)
  const at = Number.isNaN(day) ? readMinute(text) : day
  if (Number.isNaN(at))
    throw new UsageError('--effective is a day, such as 2027-01-31, or 2027-01-31T12:00Z.')
  return at
}

function minute(at: number): string {
  return `${minuteOf(at)} UTC`
}

function contentOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    const why =
      error instanceof TypeError
        ? 'is not UTF-8'
        : `cannot be read (${(error as NodeJS.ErrnoException).code})`
    throw new TermsRefused('other', `The file ${why}.`)
  }
}

/** What the console and the API call it. */
const CODES: Record<TermsRefused['reason'], string> = {
  missing: 'not-found',
  outdated: 'revision-outdated',
  date: 'field-invalid',
  other: 'field-invalid',
}

function refusalOf(error: unknown): { code: string; message: string } | null {
  if (error instanceof TermsRefused) {
    const { reason, message } = error
    return { code: CODES[reason], message }
  }
  if (error instanceof BadRequest) return { code: error.code, message: error.message }
  return null
}
