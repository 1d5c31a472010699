import { BadRequest } from '../core/bad-request.ts'
import type { Gate } from '../manage/gate.ts'
import { StoreUnavailable, TermsRefused, type TermsRow, type TermsRows } from '../store/store.ts'
import { readDraft } from './draft.ts'
import { type Standing, standingsAt } from './states.ts'
import type { Holding, Terms, TermsDesk, Version, VersionText } from './terms.ts'

const DAY_MS = 86_400_000
/** How old what was read may be while the store can be read. */
const AGE_MAX_MS = 5_000
/** While it cannot, it is asked no more often than this. */
const RETRY_MS = 1_000
const ACCOUNTS_MAX = 100_000

/**
 * The Terms. What was announced never changes, so that its texts are read once; what is in force follows from the clock, to the
 * millisecond, on every node.
 *
 * @param options.founding the text that the software comes with, filled from the settings; the first binds
 * @param options.noticeDays the least time between a version's announcement and its being in force
 */
export async function makeTerms(options: {
  rows: TermsRows
  gate: Gate
  now: () => number
  founding: readonly VersionText[]
  noticeDays: number
}): Promise<Terms> {
  const { rows, gate, now, founding } = options
  const noticeMs = options.noticeDays * DAY_MS
  const texts = new Map<number, { announcedAt: number | null; texts: readonly VersionText[] }>()
  let read: readonly TermsRow[] = []
  let readAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  /** Who accepted the version in force, as far as this node has heard. */
  const accepted = { texts: [] as readonly VersionText[], accounts: new Set<string>() }
  await load()

  return {
    known,
    current: async () => (await holding()).current,
    upcoming: async () => (await holding()).upcoming,
    versions: async () => (await all()).filter(({ state }) => state !== 'withdrawn'),
    version: async (number) => (await all()).find((one) => one.number === number) ?? null,

    async use(accountId, by = accountId) {
      const { number, acceptance, texts } = (await holding()).current
      if (accepted.texts !== texts || accepted.accounts.size >= ACCOUNTS_MAX) {
        accepted.texts = texts
        accepted.accounts = new Set()
      }
      const { accounts } = accepted
      if (accounts.has(accountId)) return true
      const { hash } = texts[0]!
      if (await rows.hasAccepted(accountId, number)) {
        accounts.add(accountId)
        return true
      }
      if (acceptance === 'click') return false
      try {
        await rows.accept(accountId, { number, hash, way: 'use' }, by)
        accounts.add(accountId)
      } catch (error) {
        // Where nothing can be written there is still something to read. The next use is written down.
        if (!(error instanceof StoreUnavailable)) throw error
      }
      return true
    },

    async accept(accountId, number) {
      await load()
      const { current, upcoming } = known()
      const version = [current, upcoming].find((one) => one?.number === number)
      if (!version) return false
      const { hash } = version.texts[0]!
      return rows.accept(accountId, { number, hash, way: 'click' })
    },

    acceptances: (accountId) => rows.acceptances(accountId),
    desk: makeDesk(),
  }

  function makeDesk(): TermsDesk {
    return {
      async all(actor) {
        gate.pass(actor, 'promises.read')
        await load()
        return all()
      },

      async draft(actor) {
        gate.pass(actor, 'promises.read')
        const draft = await rows.draft()
        return draft && { ...asDraft(draft), texts: draft.texts }
      },

      async begin(actor) {
        gate.pass(actor, 'promises.read')
        await load()
        const { current, upcoming } = known()
        const { acceptance, texts } = upcoming ?? current
        return { summary: '', acceptance, texts: texts.map(({ lang, text }) => ({ lang, text })) }
      },

      async write(actor, draft, from) {
        gate.pass(actor, 'promises.write')
        const wanted = readDraft(draft)
        const row = await asked(() => rows.write(wanted, actor.by, from))
        return { ...asDraft(row), texts: wanted.texts.map((one) => ({ ...one, hash: '' })) }
      },

      async discard(actor) {
        gate.pass(actor, 'promises.write')
        await rows.discard(actor.by)
      },

      async earliest(actor) {
        gate.pass(actor, 'promises.read')
        return asked(() => rows.earliest(noticeMs))
      },

      async announce(actor, order) {
        gate.pass(actor, 'promises.publish')
        const { number } = await asked(() => rows.announce({ ...order, noticeMs }, actor.by))
        await reload()
        return (await all()).find((one) => one.number === number)!
      },

      async withdraw(actor, number) {
        gate.pass(actor, 'promises.publish')
        await asked(() => rows.withdraw(number, actor.by))
        await reload()
      },

      async accepted(actor, number) {
        gate.pass(actor, 'promises.read')
        const [counts, { accounts }] = await Promise.all([rows.accepted(number), rows.audience()])
        return { ...counts, of: accounts }
      },

      async audience(actor) {
        gate.pass(actor, 'promises.read')
        return rows.audience()
      },
    }
  }

  /** Reads what is new. Whoever asks meanwhile waits for the same. */
  function load(): Promise<void> {
    reading ??= (async () => {
      const at = now()
      try {
        const list = await rows.list()
        for (const { number, announcedAt } of list) {
          // Where an older copy of the store was put in its place, a number may come a second time.
          if (texts.get(number)?.announcedAt !== announcedAt)
            texts.set(number, { announcedAt, texts: await rows.texts(number) })
        }
        read = list
        readAt = at
      } catch (error) {
        failedAt = at
        throw error
      } finally {
        reading = null
      }
    })()
    return reading
  }

  /** What is being read may be of before a change of ours. */
  async function reload(): Promise<void> {
    await reading?.catch(() => undefined)
    await load()
  }

  /** Reads anew what is too old; what was read last will do while the store is away. */
  async function fresh(): Promise<void> {
    const at = now()
    if (within(at - readAt, AGE_MAX_MS) || within(at - failedAt, RETRY_MS)) return
    try {
      await load()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  async function holding(): Promise<Holding> {
    await fresh()
    return known()
  }

  async function all(): Promise<Version[]> {
    await fresh()
    return versionsAt(now())
  }

  function known(): Holding {
    const versions = versionsAt(now())
    const held = ({ state }: Version) => state === 'in-force' || state === 'founding'
    return {
      current: versions.find(held)!,
      upcoming: versions.find(({ state }) => state === 'announced') ?? null,
    }
  }

  /** The newest first. */
  function versionsAt(at: number): Version[] {
    const standings = standingsAt(read, at)
    const versions = read.map(
      ({ number, summary, acceptance, announcedAt, effectiveAt, withdrawnAt }): Version => ({
        ...{ number, summary, acceptance, announcedAt, effectiveAt, withdrawnAt },
        ...{ ...standings.get(number)!, texts: texts.get(number)!.texts },
      }),
    )
    return [asFounding(standings.get(0)!), ...versions].reverse()
  }

  function asFounding(standing: Standing): Version {
    return {
      ...{ number: 0, summary: '', acceptance: 'use', texts: founding, ...standing },
      ...{ announcedAt: null, effectiveAt: null, withdrawnAt: null },
    }
  }
}

function asDraft({ number, summary, acceptance, changedAt }: TermsRow) {
  return {
    ...{ number, summary, acceptance, changedAt, state: 'draft' as const },
    ...{ announcedAt: null, effectiveAt: null, endedAt: null, withdrawnAt: null },
  }
}

function within(age: number, ageMs: number): boolean {
  return age >= 0 && age < ageMs
}

/** What cannot be done as things are is the asker's to hear. */
async function asked<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof TermsRefused)) throw error
    const { reason, message } = error
    if (reason === 'missing') throw new BadRequest('not-found', message)
    if (reason === 'outdated') throw new BadRequest('revision-outdated', message)
    throw new BadRequest('field-invalid', message, reason === 'date' ? 'effectiveAt' : undefined)
  }
}
