import { type Client, Failure } from './client.ts'
import type { Event } from './machine.ts'
import type { Challenge, Order, Solution, Task, Token, WorkPrompt } from './protocol.ts'

/** Does the work of a challenge, somewhere it disturbs nobody. */
export interface Workshop {
  solve(
    challenge: string,
    prompt: WorkPrompt,
    onProgress: (share: number) => void,
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
  /** Gives up whatever goes on. The pending run rejects with an `AbortError`. */
  stop(): void
}

/** A challenge whose work has begun. */
interface Open extends Challenge {
  endsAt: number
  /** The replies; null where a person must give one. */
  work: Promise<unknown[]>
  quit(): void
}

/** Time enough to hand in a solution before its challenge ends. */
const MARGIN_MS = 5_000

/** From the first challenge to the token, through whatever lies between. */
export function openJourney(client: Client, workshop: Workshop, guide: Guide): Journey {
  let life = new AbortController()
  let first: Promise<Open> | null = null
  let share = 0

  function prepare(): Promise<Open> {
    if (!first) {
      const { signal } = life
      const begun = client.issue(guide.order()).then((challenge) => {
        signal.throwIfAborted()
        guide.meet(challenge)
        return open(challenge, signal)
      })
      first = begun
      begun.catch(() => {
        if (first === begun) first = null
      })
    }
    return first
  }

  function open(challenge: Challenge, signal: AbortSignal): Open {
    const bench = new AbortController()
    share = 0
    const quit = () => bench.abort(signal.reason)
    signal.addEventListener('abort', quit)
    const work = Promise.all(
      challenge.tasks.map((task) =>
        task.kind === 'pow'
          ? workshop
              .solve(challenge.challenge, task.prompt as WorkPrompt, progress, bench.signal)
              .then((proof) => ({ proof }))
          : null,
      ),
    ).finally(() => signal.removeEventListener('abort', quit))
    // Whoever needs the work hears of its failure; if nobody does, it is no news.
    work.catch(() => {})
    return { ...challenge, endsAt: Date.now() + challenge.expiresInMs, work, quit }
  }

  function progress(done: number) {
    share = done
    guide.dispatch({ type: 'progress', share })
  }

  async function walk(signal: AbortSignal, quiet: boolean): Promise<Token | null> {
    let here = await abortable(prepare(), signal)
    first = null
    if (Date.now() > here.endsAt - MARGIN_MS) return walk(signal, quiet)
    for (;;) {
      const puzzle = here.tasks.find((task) => task.kind !== 'pow')
      if (puzzle && quiet) {
        here.quit()
        return null
      }
      const solution = puzzle ? await ask(here, puzzle, signal) : await wait(here, quiet)
      const answer = await client.submit(solution, signal)
      if ('token' in answer) return answer
      here = open(answer, signal)
    }
  }

  async function wait({ challenge, reason, work }: Open, quiet: boolean): Promise<Solution> {
    if (reason && !quiet) guide.dispatch({ type: 'work', reason })
    const replies = await work
    guide.dispatch({ type: 'check' })
    return { challenge, replies }
  }

  async function ask(here: Open, puzzle: Task, signal: AbortSignal): Promise<Solution> {
    const { challenge, reason = null, tasks, work } = here
    await abortable(guide.show(puzzle), signal)
    guide.dispatch({ type: 'puzzle', reason })
    const { reply = null, trace, instead } = await abortable(guide.move(here.endsAt), signal)
    guide.dispatch({ type: 'check' })
    if (instead === 'patience') {
      // The longer work to come makes up for the work that went along with the puzzle.
      here.quit()
      return { challenge, replies: tasks.map(() => null), instead }
    }
    const replies = await work
    return {
      challenge,
      replies: replies.map((proof, i) => (tasks[i] === puzzle ? reply : proof)),
      trace,
      instead,
    }
  }

  return {
    prepare,
    async run(quiet = false) {
      const { signal } = life
      // What was done ahead shows at once.
      progress(first ? share : 0)
      for (let tries = 1; ; tries++) {
        try {
          return await walk(signal, quiet)
        } catch (error) {
          // A tab that slept, a second node that saw it first: the visitor need not know.
          if (!(error instanceof Failure && error.stale && tries < 3)) throw error
        }
      }
    },
    stop() {
      life.abort()
      life = new AbortController()
      first = null
    },
  }
}

/** The promise, or the signal's reason if that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
  })
}
