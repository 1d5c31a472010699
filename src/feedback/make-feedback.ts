import { makeSlips } from '../accounts/slips.ts'
import { BadRequest } from '../core/bad-request.ts'
import type { Random } from '../core/random.ts'
import type { Guard } from '../guard.ts'
import type { Jobs } from '../jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { assertId, type Gate, notFound } from '../manage/gate.ts'
import { readText as readReply } from '../manage/read.ts'
import type { Seal } from '../seal.ts'
import type { FeedbackRows, TermsPlace } from '../store/store.ts'
import { clausesIn } from '../terms/clauses.ts'
import type { Terms } from '../terms/terms.ts'
import { makeBounds } from './bounds.ts'
import type { Feedback, Personal, Sent, TermsChoice, Wish } from './feedback.ts'
import { type Finding, findPersonal, redact } from './personal.ts'
import { readAddress, readKind, readText, TEXT_MAX } from './read.ts'

/** How long the way without a script takes: longer than the widget does on a slow machine. */
const PATIENCE_MS = 30_000
const ALERTS_EVERY_MS = 10 * 60_000
const COUNTED_MS = 90 * 86_400_000
/** The more there is the longer it takes, and whoever opens the page asks. */
const COUNTED_EVERY_MS = 60_000

/** What a ticket was given for: patience alone, or a token that was good. */
type Way = 'patience' | 'token'

export function makeFeedback(parts: {
  rows: FeedbackRows
  ledger: Ledger
  seal: Seal
  random: Random
  gate: Gate
  guard: Guard
  jobs: Jobs
  terms: Pick<Terms, 'known' | 'version'>
  now: () => number
}): Feedback {
  const { rows, gate, guard, terms, now } = parts
  const slips = makeSlips(parts)
  const bounds = makeBounds(parts.ledger)
  let renewed = false
  let counted: { at: number; numbers: ReturnType<FeedbackRows['numbers']> } | null = null
  parts.jobs.add({
    ...{ name: 'feedback', everyMs: ALERTS_EVERY_MS },
    async run() {
      if (!renewed) await rows.renew()
      renewed = true
      await rows.alert()
    },
  })
  /** What was announced never changes: it is read once. */
  const choices = new WeakMap<Known['texts'], TermsChoice>()

  return {
    guard,

    choices() {
      const { current, upcoming } = terms.known()
      return [current, upcoming]
        .filter((version) => version !== null)
        .map((version) => {
          const choice = choices.get(version.texts) ?? choiceOf(version)
          choices.set(version.texts, choice)
          return choice
        })
    },

    async send(from, wish) {
      await bounds.count(from, 'look')
      const [kind, address] = [readKind(wish.kind), readAddress(wish.address)]
      const about = await readAbout(wish.about)
      const { text, findings } = look(wish.text, wish.personal)
      if (findings.length > 0) return ask(from, wish, text, findings)
      const stop = from.actor ? await bounds.count(from, 'send') : await show(from, wish, text)
      if (stop) return stop
      const { receipt } = await rows.add({ kind, about, text, address })
      return { outcome: 'kept', receipt }
    },

    async read(from, receipt) {
      await bounds.count(from, 'receipt')
      return rows.byReceipt(receipt.trim())
    },

    async add(from, receipt, input, personal) {
      await bounds.count(from, 'receipt')
      const { text, findings } = look(input, personal)
      if (findings.length > 0) return { outcome: 'personal', text, findings }
      return { outcome: await rows.addMessage(receipt.trim(), text) }
    },

    async withdraw(from, receipt) {
      await bounds.count(from, 'receipt')
      return rows.removeByReceipt(receipt.trim())
    },

    numbers() {
      const at = now()
      if (counted && at - counted.at < COUNTED_EVERY_MS) return counted.numbers
      const numbers = rows.numbers(at - COUNTED_MS)
      counted = { at, numbers }
      numbers.catch(() => {
        counted = null
      })
      return numbers
    },

    async list(actor, query) {
      gate.pass(actor, 'promises.read')
      return rows.list(query)
    },

    async counts(actor) {
      gate.pass(actor, 'promises.read')
      return (await rows.numbers()).counts
    },

    async one(actor, id) {
      gate.pass(actor, 'promises.read')
      assertId(id)
      const thread = await rows.byId(id)
      if (!thread) throw notFound()
      return thread
    },

    async reply(actor, id, input) {
      gate.pass(actor, 'promises.write')
      assertId(id)
      const text = readReply(input, 'text', TEXT_MAX)
      if (await rows.reply(id, text, actor.by)) return
      if (!(await rows.byId(id))) throw notFound()
      throw new BadRequest('feedback-closed', 'This is closed. Open it again to answer.')
    },

    async note(actor, id, input) {
      gate.pass(actor, 'promises.write')
      assertId(id)
      if (!(await rows.note(id, readReply(input, 'text', TEXT_MAX), actor.by))) throw notFound()
    },

    async setState(actor, id, state) {
      gate.pass(actor, 'promises.write')
      assertId(id)
      // Somebody else may have done so just now: then it is as it should be.
      if (await rows.setState(id, state, actor.by)) return
      if (!(await rows.byId(id))) throw notFound()
    },

    async remove(actor, id) {
      gate.pass(actor, 'promises.write')
      assertId(id)
      if (!(await rows.remove(id, actor.by))) throw notFound()
    },
  }

  /** The sender decides about what looks personal, before any of it is kept. They need not show twice that they are no robot. */
  async function ask(
    from: Parameters<Feedback['send']>[0],
    wish: Wish,
    text: string,
    findings: Finding[],
  ): Promise<Sent> {
    let ticket = wish.ticket
    if (!from.actor && wish.token) {
      if (!(await guard.check(wish.token))) return { outcome: 'refused', text }
      ticket = giveTicket('token')
    } else if (!from.actor && !slips.read('feedback', ticket)) ticket = giveTicket('patience')
    return { outcome: 'personal', text, findings, ticket }
  }

  /** Null once it is shown that no robot sends this. It is counted before anything is used up for it. */
  async function show(
    from: Parameters<Feedback['send']>[0],
    { token, ticket }: Wish,
    text: string,
  ): Promise<Sent | null> {
    if (token) {
      await bounds.count(from, 'send')
      return (await guard.check(token)) ? null : { outcome: 'refused', text }
    }
    if (!ticket) {
      const given = giveTicket('patience')
      return { outcome: 'wait', text, ticket: given, seconds: PATIENCE_MS / 1_000 }
    }
    const slip = slips.read('feedback', ticket)
    if (!slip) return { outcome: 'refused', text }
    const [way, goodFrom] = [slip.facts[0] as Way, Number(slip.facts[1])]
    const seconds = Math.ceil((goodFrom - now()) / 1_000)
    if (seconds > 0) return { outcome: 'wait', text, ticket, seconds }
    await bounds.count(from, way === 'token' ? 'send' : 'patience')
    return (await slips.spend(slip)) ? null : { outcome: 'refused', text }
  }

  function giveTicket(way: Way): string {
    const goodFrom = now() + (way === 'patience' ? PATIENCE_MS : 0)
    return slips.give('feedback', way, String(goodFrom))
  }

  /** The version and the clause must be there: what is said about them shall be found beside them. */
  async function readAbout(about: TermsPlace | null): Promise<TermsPlace | null> {
    if (!about) return null
    const version = Number.isSafeInteger(about.number) ? await terms.version(about.number) : null
    if (!version)
      throw new BadRequest('field-invalid', 'There is no such version of the Terms.', 'version')
    const known = about.clause === '' || idsOf(version).includes(about.clause)
    if (known) return about
    throw new BadRequest('field-invalid', 'There is no such clause in this version.', 'clause')
  }
}

type Known = NonNullable<Awaited<ReturnType<Terms['version']>>>

function choiceOf({ number, texts }: Known): TermsChoice {
  const clauses = clausesIn(texts)[0]!
    .filter(({ number }) => number !== '')
    .map(({ id, number, title }) => ({ id, words: `${number} ${title}`.trim() }))
  return { number, clauses }
}

function idsOf(version: Known): string[] {
  return clausesIn(version.texts).flatMap((clauses) => clauses.map(({ id }) => id))
}

/** What was written, and what of it looks personal, unless that was decided. */
function look(input: string, personal: Personal): { text: string; findings: Finding[] } {
  const text = readText(input)
  if (personal === 'keep') return { text, findings: [] }
  const findings = findPersonal(text)
  if (personal === 'redact') return { text: redact(text, findings), findings: [] }
  return { text, findings }
}
