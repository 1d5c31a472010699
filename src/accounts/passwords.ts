import { availableParallelism } from 'node:os'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { BadRequest } from '../core/bad-request.ts'

/** Argon2id (the library's default), a little above what OWASP asks for (19 MiB, 2 passes): about 30 ms of one core. */
const COST = { memoryCost: 32 * 1024, timeCost: 2, parallelism: 1 }

/**
 * One or two at once, at 32 MiB each: a core is left for everything else, and half of Node's threads for files, names and
 * pictures. However many log in, the rest of the service goes on.
 */
export const AT_ONCE = Math.min(2, Math.max(1, availableParallelism() - 1))
/** A second or two's worth; and of these no one network has more than a few. */
const WAITING_MAX = 60
const WAITING_EACH_MAX = 4

/** Hashes passwords, off the main thread, a bounded number at once. */
export interface Passwords {
  /** The Argon2id string of a password, as it is kept. */
  hash(password: string, whose: string): Promise<string>
  /**
   * True if this is the password. Takes as long where there is none.
   *
   * @param whose whoever asks, to share the waiting line fairly
   */
  verify(kept: string | null, password: string, whose: string): Promise<boolean>
  /** Throws where the line is too long to wait in: to be asked before anything that costs, so that a flood costs little. */
  assertRoom(whose: string): void
  /** True if it was hashed at a lower cost than today's. */
  isOld(kept: string): boolean
}

export function makePasswords(cost = COST): Passwords {
  const turns = makeTurns()
  // What is checked in place of a password that is not there: hashed when first needed, under today's cost.
  let nobody: Promise<string> | undefined

  return {
    assertRoom: turns.assertRoom,
    hash: (password, whose) => turns.take(whose, () => hash(plain(password), cost)),
    async verify(kept, password, whose) {
      nobody ??= hash(crypto.randomUUID(), cost).catch((error) => {
        nobody = undefined
        throw error
      })
      const other = await nobody
      return turns.take(whose, async () => {
        const right = await verify(kept ?? other, plain(password))
        return right && kept !== null
      })
    },
    isOld(kept) {
      const { memoryCost, timeCost } = parseOptions(kept)
      return memoryCost < cost.memoryCost || timeCost < cost.timeCost
    },
  }
}

/** One spelling for what looks the same: keyboards differ in how they write accents. */
export function plain(password: string): string {
  return password.normalize('NFKC')
}

/** Lets a few go at once, and others wait their turn; refuses those for whom it would take too long. */
function makeTurns() {
  const waiting: { whose: string; go: () => void }[] = []
  let busy = 0

  function assertRoom(whose: string): void {
    const theirs = waiting.filter((one) => one.whose === whose).length
    if (waiting.length < WAITING_MAX && theirs < WAITING_EACH_MAX) return
    const refusal = new BadRequest(
      'too-many-requests',
      'Too many log in at this moment. Please try again in a few seconds.',
    )
    refusal.retryAfterS = 3
    throw refusal
  }

  async function take<T>(whose: string, act: () => Promise<T>): Promise<T> {
    if (busy >= AT_ONCE) {
      assertRoom(whose)
      await new Promise<void>((go) => waiting.push({ whose, go }))
    } else {
      busy += 1
    }
    try {
      return await act()
    } finally {
      // The place goes to the next in line without being free in between.
      const next = waiting.shift()
      if (next) next.go()
      else busy -= 1
    }
  }

  return { assertRoom, take }
}
