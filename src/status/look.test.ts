import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerUnavailable } from '../ledger/ledger.ts'
import { StoreUnavailable } from '../store/store.ts'
import { COMPONENT_IDS } from './components.ts'
import { type Look, openEyes } from './look.ts'
import { openRecorder } from './recorder.ts'

const HOUR_MS = 3_600_000

describe('a look at the service', () => {
  let answers: Map<string, { all: number; failed: number }>
  let world: { store: boolean; ledger: boolean; pictures: number; late: number | null; now: number }
  let eyes: ReturnType<typeof openEyes>

  beforeEach(() => {
    answers = new Map()
    world = { store: true, ledger: true, pictures: 4, late: null, now: 1_790_000_000_000 }
    eyes = openEyes({
      store: {
        sites: {
          async byKey() {
            if (!world.store) throw new StoreUnavailable('away')
            return null
          },
        },
      } as never,
      ledger: {
        async spend() {
          if (!world.ledger) throw new LedgerUnavailable('away')
          return 'spent'
        },
      },
      now: () => world.now,
      pictures: () => world.pictures,
      answers: () => answers,
      lateSince: async () => world.late,
      paused: () => false,
    })
  })

  const healths = async (ends = false) => {
    const { found } = await eyes.look(ends)
    return COMPONENT_IDS.map((id) => found[id].health).join(' ')
  }

  it('finds all well, or says which part is not, and why', async () => {
    expect(await healths()).toBe('good good good good')
    world.pictures = 0
    expect(await healths()).toBe('poor good good good')
    world.ledger = false
    expect(await healths()).toBe('bad bad bad good')
    world.store = false
    expect(await healths()).toBe('bad bad bad bad')
    expect((await eyes.look()).found.challenges.why).toHaveLength(3)
  })

  it('finds requests that fail on our side, for a minute more, and the right part', async () => {
    const answer = (route: string, all: number, failed: number) => {
      const sum = answers.get(route) ?? { all: 0, failed: 0 }
      answers.set(route, { all: sum.all + all, failed: sum.failed + failed })
    }
    answer('/v1/challenges', 1_000, 9)
    answer('/v1/siteverify', 100, 1)
    answer('/recaptcha/api/siteverify', 0, 0)
    answer('/console/sites', 10, 5)
    answer('/readyz', 10, 10)
    expect(await healths(true)).toBe('good poor bad good')
    expect(await healths()).toBe('good poor bad good')
    answer('/v1/siteverify', 100, 0)
    expect(await healths(true)).toBe('good poor bad good')
    expect(await healths()).toBe('good good good good')
    answer('/v1/challenges', 1, 1)
    expect(await healths()).toBe('bad good good good')
  })

  it('finds letters that are late, or very late', async () => {
    world.late = world.now - 15 * 60_000
    expect(await healths()).toBe('good good good good')
    world.late -= 1
    expect(await healths()).toBe('good good good poor')
    world.late = world.now - 2 * HOUR_MS - 1
    expect(await healths()).toBe('good good good bad')
  })
})

describe('what was seen', () => {
  const look = (at: number, health: 'good' | 'bad' = 'good'): Look => ({
    at,
    found: Object.fromEntries(
      COMPONENT_IDS.map((id) => [id, { health, why: [] }]),
    ) as unknown as Look['found'],
  })

  it('waits while the store is away, is summed by the hour, and is written once', async () => {
    let away = true
    const written: unknown[] = []
    const recorder = openRecorder({
      async add(readings) {
        if (away) throw new StoreUnavailable('away')
        written.push(...readings)
      },
    })
    for (const minute of [0, 30, 59, 60]) {
      recorder.add(look(minute * 60_000, minute === 30 ? 'bad' : 'good'))
      await expect(recorder.write()).rejects.toThrow(StoreUnavailable)
    }
    away = false
    await recorder.write()
    expect(written).toHaveLength(2 * COMPONENT_IDS.length)
    expect(written[0]).toEqual({ component: 'challenges', startsAt: 0, good: 2, poor: 0, bad: 1 })
    written.length = 0
    await recorder.write()
    expect(written).toEqual([])
  })

  it('waits for a week at most', async () => {
    const recorder = openRecorder({ add: () => Promise.reject(new StoreUnavailable('away')) })
    for (let hour = 0; hour < 200; hour++) recorder.add(look(hour * HOUR_MS))
    expect(recorder.waiting()).toHaveLength(7 * 24 * COMPONENT_IDS.length)
    expect(recorder.waiting()[0]!.startsAt).toBe((200 - 168) * HOUR_MS)
  })
})
