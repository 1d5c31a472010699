import type { OnProgress } from '../pow/algorithm.ts'
import type { Client, Failure } from './client.ts'
import type { Event } from './machine.ts'
import type { Challenge, Order, Solution, Task, Token, WorkPrompt } from './protocol.ts'

/** Does the work of a challenge, somewhere it disturbs nobody. */
export interface Workshop {
  /** Gets ready, while the challenge is still on its way. */
  warm(): void
  solve(
    challenge: string,
    prompt: WorkPrompt,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<string>
}

/** What a person did with a puzzle. */
export type Move = Pick<Solution, 'trace' | 'instead'> & { reply?: unknown }

/** What a journey asks of the widget it goes on in. */
export interface Guide {
  order(): Order
  /** The first challenge is here: how it wants to be shown. */
  meet(challenge: Challenge): void
  dispatch(...event: Event): void
  /** Gets a puzzle ready to be seen. */
  show(task: Task): Promise<void>
  /** Waits for the person, until the puzzle ends. */
  move(endsAt: number): Promise<Move>
}

export interface Journey {
  /** Asks for a challenge and does its work ahead, so that nobody waits later. */
  prepare(): Promise<{ work: Promise<unknown> }>
  /**
   * Goes all the way to a token.
   *
   * @param quiet never troubles a person; null if one would have to be
   */
  run(quiet?: boolean): Promise<Token | null>
  /** Gives up the work that goes on, for less of it and a puzzle. */
  lighten(): void
  /** Gives up whatever goes on. What waits for it rejects with an `AbortError`, sooner or later. */
  stop(): void
}

/** A challenge whose work has begun. */
interface Open extends Challenge {
  endsAt: number
  /** The replies, null where a person must give one; or null if the work was given up. */
  work: Promise<unknown[] | null>
}

/** Work that nobody has asked for yet is done anew this long before its challenge ends. */
const FRESH_MS = 60_000
/** How often a journey begins anew by itself. */
const TRIES_MAX = 3

/** From the first challenge to the token, through whatever lies between. */
export function openJourney(client: Client, workshop: Workshop, guide: Guide): Journey {
  let life = new AbortController()
  let bench = new AbortController()
  let first: Promise<Open> | null = null
  let freshUntil = Infinity
  /** What the first challenge was asked for. */
  let ordered = ''
  let share = 0
  let restMs = 0
  let giveUp = () => {}

  const tell = () => guide.dispatch('progress', share, restMs)

  function prepare(): Promise<Open> {
    const order = guide.order()
    const wanted = JSON.stringify(order)
    // What was done ahead for one purpose is not for another.
    if (Date.now() > freshUntil || wanted !== ordered) stopWork()
    ordered = wanted
    if (!first) {
      workshop.warm()
      const begun = limited(client.issue(order)).then((challenge) => {
        guide.meet(challenge)
        return keep(open(challenge))
      })
      first = begun
      begun.catch(() => {
        if (first === begun) first = null
      })
    }
    return first
  }

  /** Has a challenge be the next one, as long as it is fresh. */
  function keep(here: Open): Open {
    first ??= Promise.resolve(here)
    freshUntil = here.endsAt - FRESH_MS
    return here
  }

  /** Begins the work of a challenge. */
  function open(challenge: Challenge): Open {
    const { waitMs = Infinity, reason, tasks, expiresInMs } = challenge
    bench = new AbortController()
    const { signal } = bench
    const onProgress: OnProgress = (done, rest) => {
      share = done
      restMs = rest > waitMs ? rest : 0
      // Who wants less of it has chosen already.
      if (restMs && reason === 'lighter-wanted') giveUp()
      tell()
    }
    share = 0
    restMs = 0
    const work = Promise.race([
      Promise.all(
        tasks.map(
          async ({ kind, prompt }) =>
            kind === 'pow' && {
              proof: await workshop.solve(
                challenge.challenge,
                prompt as WorkPrompt,
                onProgress,
                signal,
              ),
            },
        ),
      ),
      new Promise<null>((resolve) => {
        giveUp = () => resolve(null)
      }),
    ])
    // Whoever needs the work hears of its failure; if nobody does, it is no news.
    work.catch(() => {})
    return { ...challenge, endsAt: Date.now() + expiresInMs, work }
  }

  /** Gives up what was done ahead. */
  function stopWork() {
    bench.abort()
    first = null
    freshUntil = Infinity
  }

  /** The promise; or a rejection, if the journey was stopped meanwhile. */
  function limited<T>(promise: Promise<T>): Promise<T> {
    const { signal } = life
    return promise.finally(() => signal.throwIfAborted())
  }

  async function walk(quiet: boolean): Promise<Token | null> {
    let here = await limited(prepare())
    first = null
    for (;;) {
      const { challenge, reason = null, tasks, work, endsAt } = here
      const puzzle = tasks.find(({ kind }) => kind !== 'pow')
      let move: Move = {}
      if (puzzle) {
        // It waits for whoever ticks the box: the work before it is not done twice.
        if (quiet) {
          keep(here)
          return null
        }
        await limited(guide.show(puzzle))
        guide.dispatch('puzzle', reason)
        move = await limited(guide.move(endsAt))
        guide.dispatch('check')
      } else if (reason && !quiet) guide.dispatch('work', reason)

      const { reply, ...how } = move
      // The longer work to come makes up for the work that went along with the puzzle.
      if (how.instead === 'patience') giveUp()
      const done = await limited(work)
      if (!done) {
        how.instead ??= 'lighter'
        bench.abort()
      }
      guide.dispatch('check')
      const replies = tasks.map((task, i) => (task === puzzle ? reply : done?.[i]) ?? null)
      const answer = await limited(client.submit({ challenge, replies, ...how }))
      // An own one: what all objects of a polluted page inherit is no token.
      if (Object.hasOwn(answer, 'token')) return answer as Token
      here = open(answer as Challenge)
    }
  }

  return {
    prepare,
    async run(quiet = false) {
      // What was done ahead shows at once.
      if (first) tell()
      for (let tries = 1; ; tries++) {
        try {
          return await walk(quiet)
        } catch (error) {
          // A tab that slept, a challenge that another request used up: the visitor need not know.
          const stale = /^challenge-(expired|spent)$/.test((error as Failure).message)
          if (!stale || tries === TRIES_MAX) throw error
        }
      }
    },
    lighten: () => giveUp(),
    stop() {
      stopWork()
      life.abort()
      life = new AbortController()
    },
  }
}
