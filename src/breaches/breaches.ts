import { BadRequest } from '../core/bad-request.ts'
import type { Gate } from '../manage/gate.ts'
import { assertId, notFound } from '../manage/gate.ts'
import type { Actor } from '../manage/manage.ts'
import { readText } from '../manage/read.ts'
import type { LetterPlace, NoticeFacts } from '../notices/notice.ts'
import type {
  AuditEvent,
  Breach,
  BreachRevision,
  Concerned,
  Statement,
  Store,
} from '../store/store.ts'
import {
  AUTHORITY_MS,
  type BreachFacts,
  FACT_WORDS,
  missingForPeople,
  unfinished,
} from './breach.ts'
import { authorityDraft, peopleDraft, registerOf } from './drafts.ts'
import { breachesFeed, recordOf } from './feed.ts'
import { readFacts, readLine, readMoment, TEXT_MAX, wrong } from './read.ts'

const NAMES_MAX = 1_000
const EVENTS = 500

/**
 * The register of breaches, for operators. Each deed decides whether the actor may, does it, and has it written into the
 * audit log: that it was done, never what the breach is about.
 */
export interface Breaches {
  list(actor: Actor): Promise<Breach[]>
  one(actor: Actor, id: string): Promise<Breach>
  /** What was known when, and what was done: the newest first. */
  history(actor: Actor, id: string): Promise<{ known: BreachRevision[]; done: AuditEvent[] }>
  add(actor: Actor, facts: BreachFacts): Promise<Breach>
  /** @param revision the one that the facts were read at; `revision-outdated` if there is another */
  set(actor: Actor, id: string, facts: BreachFacts, revision: number): Promise<void>
  /** Says how many accounts were added. */
  concern(actor: Actor, id: string, whom: Concerned): Promise<number>
  unconcern(actor: Actor, id: string): Promise<void>
  /** A page of those whom it concerns, by id. */
  accounts(
    actor: Actor,
    id: string,
    after: string,
    limit: number,
  ): ReturnType<Store['breaches']['accounts']>
  /** Writes down that the authority was told: we do not send it. After 72 hours it wants the reason (33(1)). */
  authorityTold(actor: Actor, id: string, at: number, lateReason: string): Promise<void>
  /**
   * Tells those whom it concerns, each once. Dangerous, as are the two after it. Refused while something is missing that they
   * must be told (34(2)), or somebody else has just told them.
   *
   * @param before how often they were told, as the actor saw it
   */
  tellPeople(actor: Actor, id: string, order: { before: number; revision: number }): Promise<void>
  /** Says something to everybody, for good. @param statement.before how many statements the actor saw */
  publish(
    actor: Actor,
    id: string,
    statement: { title: string; text: string; before: number },
  ): Promise<Statement>
  /** Logs everybody out, but for this one session. Says how many sessions have ended. */
  endSessions(actor: Actor, keep: string): Promise<number>
  close(actor: Actor, id: string, revision: number): Promise<void>
  reopen(actor: Actor, id: string, revision: number): Promise<void>
  /** The notice to the authority (33(3)), in Markdown. */
  authorityDraft(actor: Actor, id: string): Promise<string>
  /** What those concerned are sent. */
  peopleDraft(actor: Actor, id: string): Promise<string>
  /** The whole register with its history, for the authority (33(5)). */
  register(actor: Actor): Promise<object>
  /** What everybody may read: the newest first; as an Atom feed; and as JSON. */
  statements(): Promise<Statement[]>
  feed(): Promise<string>
  record(): Promise<object>
  /** By the clock: reminds the operators where one runs out. */
  look(): Promise<void>
}

interface Parts {
  store: Pick<Store, 'breaches' | 'audit' | 'sessions'>
  gate: Gate
  now: () => number
  place: LetterPlace
}

/** The register of breaches, for operators and, of what is public, for everybody. */
export function makeBreaches({ store, gate, now, place }: Parts): Breaches {
  const { breaches } = store
  let renewed = false

  return {
    async list(actor) {
      gate.pass(actor, 'promises.read')
      return breaches.list()
    },

    one: (actor, id) => open(actor, id, 'promises.read'),

    async history(actor, id) {
      await open(actor, id, 'promises.read')
      return {
        known: await breaches.history(id),
        done: await store.audit.list({ subjects: [id], limit: EVENTS }),
      }
    },

    async add(actor, facts) {
      gate.pass(actor, 'promises.write')
      return breaches.add(readFacts({ ...facts, lateReason: '' }, now()), actor.by)
    },

    async set(actor, id, facts, revision) {
      const breach = await open(actor, id, 'promises.write')
      const { lateReason } = breach.facts
      const read = readFacts({ ...facts, lateReason }, now())
      if (breach.authorityToldAt !== null && read.noticedAt > breach.authorityToldAt)
        throw wrong('noticedAt', 'must not be after the authority was told')
      if (!(await breaches.set(id, read, revision, actor.by))) throw outdated()
    },

    async concern(actor, id, whom) {
      await open(actor, id, 'promises.write')
      return breaches.concern(id, whom === 'everybody' ? whom : readNames(whom), actor.by)
    },

    async unconcern(actor, id) {
      await open(actor, id, 'promises.write')
      if (!(await breaches.unconcern(id, actor.by)))
        throw new BadRequest('limit-reached', 'They were told already: that stays written down.')
    },

    async accounts(actor, id, after, limit) {
      await open(actor, id, 'promises.read')
      return breaches.accounts(id, after, limit)
    },

    async authorityTold(actor, id, at, lateReason) {
      const { facts, authorityToldAt } = await open(actor, id, 'promises.write')
      const read = readMoment(at, 'at', now())
      if (read < facts.noticedAt) throw wrong('at', 'must not be before it was noticed')
      const reason = readText(lateReason, 'lateReason', TEXT_MAX, true)
      if (authorityToldAt === null && read > facts.noticedAt + AUTHORITY_MS && reason === '')
        throw wrong('lateReason', 'is needed: more than 72 hours had gone by')
      if (!(await breaches.authorityTold(id, read, reason, actor.by))) throw outdated()
    },

    async tellPeople(actor, id, { before, revision }) {
      const { facts, accounts } = await open(actor, id, 'promises.publish')
      const missing = missingForPeople(facts)
      if (missing.length > 0) {
        const words = missing.map((name) => FACT_WORDS[name]).join(', ')
        throw new BadRequest(
          'field-invalid',
          `This must be known before anybody is told: ${words}.`,
        )
      }
      if (accounts === 0)
        throw new BadRequest('field-invalid', 'Say first which accounts it concerns.')
      const order = { before, revision, facts: noticeOf(id, facts, before + 1) }
      if (!(await breaches.tellPeople(id, order, actor.by))) throw outdated()
    },

    async publish(actor, id, { title, text, before }) {
      await open(actor, id, 'promises.publish')
      const read = {
        title: readLine(title, 'title'),
        text: readText(text, 'text', TEXT_MAX),
        before,
      }
      const statement = await breaches.publish(id, read, actor.by)
      if (!statement) throw outdated()
      return statement
    },

    async endSessions(actor, keep) {
      gate.pass(actor, 'promises.publish')
      return store.sessions.endAll(keep, actor.by)
    },

    async close(actor, id, revision) {
      const breach = await open(actor, id, 'promises.write')
      const left = unfinished(breach)
      if (left) throw new BadRequest('field-invalid', left)
      if (!(await breaches.setClosed(id, true, revision, actor.by))) throw outdated()
    },

    async reopen(actor, id, revision) {
      await open(actor, id, 'promises.write')
      if (!(await breaches.setClosed(id, false, revision, actor.by))) throw outdated()
    },

    async authorityDraft(actor, id) {
      return authorityDraft(await open(actor, id, 'promises.read'), place, now())
    },

    async peopleDraft(actor, id) {
      const { facts, peopleTold } = await open(actor, id, 'promises.read')
      return peopleDraft(noticeOf(id, facts, peopleTold + 1), missingForPeople(facts), place)
    },

    async register(actor) {
      gate.pass(actor, 'promises.read')
      const all = await breaches.list()
      const entries = await Promise.all(
        all.map(async (breach) => ({
          breach,
          known: await breaches.history(breach.id),
          done: await store.audit.list({ subjects: [breach.id], limit: EVENTS }),
          statements: await breaches.statements(breach.id),
        })),
      )
      return registerOf(entries, place, now())
    },

    statements: () => breaches.statements(),

    async feed() {
      return breachesFeed(await breaches.statements(), place)
    },

    async record() {
      return recordOf(await breaches.statements(), place)
    },

    async look() {
      if (!renewed) await breaches.renew()
      renewed = true
      await breaches.remind()
    },
  }

  async function open(
    actor: Actor,
    id: string,
    deed: 'promises.read' | 'promises.write' | 'promises.publish',
  ): Promise<Breach> {
    gate.pass(actor, deed)
    assertId(id)
    const breach = await breaches.byId(id)
    if (!breach) throw notFound()
    return breach
  }
}

function readNames(whom: Exclude<Concerned, 'everybody'>): Concerned {
  const [field, names] =
    'sites' in whom ? (['sites', whom.sites] as const) : (['accounts', whom.accounts] as const)
  const fit = names.every((name) => typeof name === 'string' && /^[!-~]{1,100}$/.test(name))
  if (names.length === 0 || names.length > NAMES_MAX || !fit) {
    const what = field === 'sites' ? 'sitekeys' : 'logins or ids of accounts'
    throw wrong(field, `must be 1 to ${NAMES_MAX} ${what}`)
  }
  // A login is in lower case; an id has capitals.
  return field === 'sites'
    ? { sites: names }
    : { accounts: names.flatMap((name) => [name, name.toLowerCase()]) }
}

function noticeOf(id: string, facts: BreachFacts, number: number): NoticeFacts['breach'] {
  const { noticedAt, nature, data, consequences, measures, advice, contact } = facts
  return { id, noticedAt, nature, data, consequences, measures, advice, contact, number }
}

function outdated(): BadRequest {
  return new BadRequest(
    'revision-outdated',
    'Somebody else has changed this meanwhile, or it is closed. Look at it again, then repeat what still has to be done.',
  )
}
