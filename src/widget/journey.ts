import type { OnProgress } from '../pow/algorithm.ts'
import type { Client, Failure } from './client.ts'
import type { Event } from './machine.ts'
import type { Challenge, Order, Solution, Task, Token, WorkPrompt } from './protocol.ts'

/** Does the work of a challenge, somewhere it disturbs nobody. */
export interface Workshop {
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
  dispatch(event: Event): void
  /** Gets a puzzle ready to be seen. */
  show(task: Task): Promise<void>
  /** Waits for the person, until the puzzle ends. */
  move(endsAt: number): Promise<Move>
}

export interface Journey {
  /** Asks for a challenge and does its work ahead, so that nobody waits later. */
  prepare(): Promise<unknown>
  /**
   * Goes all the way to a token.
   *
   * @param quiet never troubles a person; null if one would have to be
   */
  run(quiet?: boolean): Promise<Token | null>
  /** Gives up the work that goes on, for less of it and a puzzle. */
  lighten(): void
  /** Gives up whatever goes on. What waits for it rejects with an `AbortError`. */
  stop(): void
}

/** A challenge whose work has begun. */
interface Open extends Challenge {
  endsAt: number
  /** The replies; null where a person must give one. */
  work: Promise<unknown[]>
}

/** Time enough to hand in a solution before its challenge ends. */
const MARGIN_MS = 5_000
/** Work that nobody has asked for yet is done anew this long before its challenge ends. */
const FRESH_MS = 60_000
/** How often a journey begins anew by itself. */
const TRIES_MAX = 3

/** From the first challenge to the token, through whatever lies between. */
export function openJourney(client: Client, workshop: Workshop, guide: Guide): Journey {
  let life = newLife()
  let bench = new AbortController()
  let first: Promise<Open> | null = null
  let freshUntil = Infinity
  let share = 0
  let restMs = 0
  let waitMs = 0
  let lighten = () => {}

  function tell() {
    guide.dispatch({ type: 'progress', share, restMs: restMs > waitMs ? restMs : 0 })
  }

  function prepare(): Promise<Open> {
    if (Date.now() > freshUntil) stopWork()
    if (!first) {
      const begun = life.limit(client.issue(guide.order())).then((challenge) => {
        guide.meet(challenge)
        const opened = open(challenge)
        freshUntil = opened.endsAt - FRESH_MS
        return opened
      })
      first = begun
      begun.catch(() => {
        if (first === begun) first = null
      })
    }
    return first
  }

  function open(challenge: Challenge): Open {
    bench = new AbortController()
    share = 0
    restMs = 0
    waitMs = challenge.waitMs ?? Infinity
    const work = Promise.all(
      challenge.tasks.map(
        ({ kind, prompt }) =>
          kind === 'pow' &&
          workshop
            .solve(challenge.challenge, prompt as WorkPrompt, progressOf(challenge), bench.signal)
            .then((proof) => ({ proof })),
      ),
    )
    // Whoever needs the work hears of its failure; if nobody does, it is no news.
    work.catch(() => {})
    return { ...challenge, endsAt: Date.now() + challenge.expiresInMs, work }
  }

  const progressOf =
    ({ reason }: Challenge): OnProgress =>
    (done, rest) => {
      share = done
      restMs = rest
      // Who wants less of it has chosen already.
      if (reason === 'lighter-wanted' && restMs > waitMs) lighten()
      tell()
    }

  /** Gives up what was done ahead. */
  function stopWork() {
    bench.abort()
    first = null
    freshUntil = Infinity
  }

  async function walk({ limit }: Life, quiet: boolean): Promise<Token | null> {
    let here: Open
    do {
      here = await limit(prepare())
      first = null
    } while (Date.now() > here.endsAt - MARGIN_MS)
    for (;;) {
      const { challenge, reason = null, tasks, work, endsAt } = here
      const puzzle = tasks.find(({ kind }) => kind !== 'pow')
      let move: Move = {}
      if (quiet) {
        if (puzzle) return null
      } else if (puzzle) {
        await limit(guide.show(puzzle))
        guide.dispatch({ type: 'puzzle', reason })
        move = await limit(guide.move(endsAt))
      } else if (reason) guide.dispatch({ type: 'work', reason })
      if (puzzle) guide.dispatch({ type: 'check' })

      const { reply = null, ...how } = move
      // The longer work to come makes up for the work that went along with the puzzle.
      const patient = how.instead === 'patience'
      if (patient) bench.abort()
      const lighter = new Promise<null>((resolve) => {
        lighten = () => resolve(null)
      })
      const done = patient ? [] : await limit(Promise.race([work, lighter]))
      if (!done) {
        how.instead = 'lighter'
        bench.abort()
      }
      guide.dispatch({ type: 'check' })
      const replies = tasks.map((task, i) => (task === puzzle ? reply : (done?.[i] ?? null)))
      const answer = await limit(client.submit({ challenge, replies, ...how }))
      // An own one: what all objects of a polluted page inherit is no token.
      if (Object.hasOwn(answer, 'token')) return answer as Token
      here = open(answer as Challenge)
    }
  }

  return {
    prepare,
    async run(quiet = false) {
      const mine = life
      // What was done ahead shows at once.
      if (first) tell()
      for (let tries = 1; ; tries++) {
        try {
          return await walk(mine, quiet)
        } catch (error) {
          // A tab that slept, a challenge that another request used up: the visitor need not know.
          const stale = /^challenge-(expired|spent)$/.test((error as Failure).message)
          if (!stale || tries === TRIES_MAX) throw error
        } finally {
          if (quiet) bench.abort()
        }
      }
    },
    lighten: () => lighten(),
    stop() {
      stopWork()
      life.end()
      life = newLife()
    },
  }
}

interface Life {
  /** The promise, or a rejection if the life ends first. */
  limit<T>(promise: Promise<T>): Promise<T>
  end(): void
}

function newLife(): Life {
  let end!: () => void
  const over = new Promise<never>((_, reject) => {
    end = () => reject(new DOMException('', 'AbortError'))
  })
  over.catch(() => {})
  return { end, limit: (promise) => Promise.race([promise, over]) }
}
