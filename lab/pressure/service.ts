import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'
import { BadRequest } from '../../src/core/bad-request.ts'
import type { Challenge } from '../../src/core/challenge.ts'
import type { NextReason } from '../../src/core/outcome.ts'
import { type Plan, type Price, planFirst, planNext, priceOf } from '../../src/core/plan.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import {
  type Call,
  CHALLENGE,
  type Pressure,
  reserveUnder,
  stepFrom,
} from '../../src/core/pressure.ts'
import type { Random } from '../../src/core/random.ts'
import type { Site } from '../../src/core/site.ts'
import { memoryLedger } from '../../src/ledger/memory.ts'
import { startNetworks } from '../../src/server/networks.ts'
import { feelCall, feelNetwork } from '../../src/server/pressure.ts'
import type { Clock } from './clock.ts'

/** From an answer to the next challenge. */
const ROUND_TRIP_S = 0.1
/** Sub-puzzles of a challenge. */
const COUNT = 8
const PUZZLE = 'slider'

/** The service as the simulation meets it: the real counters, law and plan, on a clock that the simulation moves. */
export interface Service {
  site: Site
  /** A first challenge; null where the network is refused. */
  ask(address: string, withoutPuzzle?: boolean): Promise<Step | null>
  /** What follows a step, and why; null where lighter work is refused. */
  next(address: string, last: Step, reason: NextReason): Promise<Step | null>
}

/** What a visitor or a robot stands before. */
export interface Step extends Plan {
  price: Price
  /** All of its work: expected Equi-X solutions, or SHA-256 hashes, to try. */
  tries: number
  /** True where there was no picture. */
  busy: boolean
}

/** How many pictures the service has, and paints. */
interface Pictures {
  ready: number
  perS: number
}

/** Starts it, with one site. */
export function simulatedService(
  random: Random,
  clock: Clock,
  options: { calm: number; pictures: Pictures },
): Service {
  const standing = { name: '', state: 'active', revision: 1 } as const
  const site: Site = {
    sitekey: 'ock_lab',
    hosts: [],
    mode: 'checkbox',
    ...standing,
    ...DEFAULT_POLICY,
  }
  const counters = {
    ledger: memoryLedger(clock.nowMs),
    networks: startNetworks(new BlockList(), random, clock.nowMs),
    config: { calm: options.calm },
  }
  const shelf = { pictures: options.pictures.ready, filledAt: clock.nowMs() }

  function takePicture(reserve: number): boolean {
    const painted = ((clock.nowMs() - shelf.filledAt) / 1_000) * options.pictures.perS
    shelf.pictures = Math.min(options.pictures.ready, shelf.pictures + painted)
    shelf.filledAt = clock.nowMs()
    if (shelf.pictures < 1 || shelf.pictures <= reserve * options.pictures.ready) return false
    shelf.pictures--
    return true
  }

  function stepOf(plan: Plan): Step {
    const price = priceOf(plan, site)
    return { ...plan, price, tries: price.effort * COUNT, busy: false }
  }

  return {
    site,

    async ask(address, withoutPuzzle = false) {
      const pressure = await count(address, CHALLENGE)
      if (!pressure) return null
      return stepOf(planFirst(site, pressure, { action: '', withoutPuzzle }, PUZZLE))
    },

    async next(address, last, reason) {
      await clock.sleep(ROUND_TRIP_S)
      if (reason === 'lighter-wanted' && !(await count(address, stepFrom(last.relief)!))) {
        return null
      }
      const plan = planNext(last as unknown as Challenge, PUZZLE, reason)
      if (!plan.puzzle) return stepOf(plan)
      const network = await feelNetwork(counters, requestFrom(address), site)
      if (takePicture(reserveUnder(network))) return stepOf(plan)
      return {
        ...stepOf(planNext(last as unknown as Challenge, PUZZLE, 'pictures-busy')),
        busy: true,
      }
    },
  }

  /** Null where the network is refused. */
  async function count(address: string, call: Call): Promise<Pressure | null> {
    try {
      return await feelCall(counters, requestFrom(address), site, call)
    } catch (error) {
      if (error instanceof BadRequest) return null
      throw error
    }
  }
}

function requestFrom(address: string): IncomingMessage {
  return { socket: { remoteAddress: address }, headers: {} } as unknown as IncomingMessage
}
