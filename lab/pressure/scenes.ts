import type { Chance } from './chance.ts'

/** Where visitors and robots come from, and when. Times are in seconds since the scene began. */
export interface Scene {
  name: string
  /** For the picture's file. */
  slug: string
  hours: number
  visitorsPerS(s: number): number
  /** The address of somebody who comes now. */
  addressAt(s: number, chance: Chance): string
  /** Robots' addresses: one core each. Empty where there are none. */
  robots: readonly string[]
  robotsFromS: number
  robotsUntilS: number
}

const HOUR_S = 3_600
/** On an ordinary afternoon. */
const VISITORS_PER_S = 1.2
const CROWD_FACTOR = 50
const HOMES = 20_000

/** Networks of one sort, some of them busier than others. */
const byRank = (address: (i: number) => string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ address: address(i), weight: (i + 1) ** -0.7 }))

const home = (i: number) => `10.${i >> 8}.${i & 255}.7`
const OFFICES = byRank((i) => `172.16.${i}.7`, 40)
const CARRIERS = byRank((i) => `192.168.${i}.7`, 200)
/** All of its people are asked to sign up at ten o'clock. */
const BIG_OFFICE = { address: '172.17.0.7', people: 600, fromS: 10 * HOUR_S, forS: HOUR_S / 4 }

/** Six in ten from homes, three from a phone in a carrier's network, one from an office, if it is day. */
function usualAddress(hour: number, chance: Chance): string {
  const sort = chance.share()
  if (sort < 0.1 && hour >= 8 && hour < 18) return chance.pick(OFFICES).address
  if (sort < 0.4) return chance.pick(CARRIERS).address
  return home(Math.floor(chance.share() * HOMES))
}

function officePerS(s: number): number {
  const { fromS, forS, people } = BIG_OFFICE
  return s >= fromS && s < fromS + forS ? people / forS : 0
}

/** Least at three in the morning, most at three in the afternoon. */
function dayPerS(s: number): number {
  return VISITORS_PER_S * (1 + 0.85 * Math.cos(2 * Math.PI * (s / HOUR_S / 24 - 15 / 24)))
}

export const day: Scene = {
  name: 'A normal day',
  slug: 'day',
  hours: 24,
  visitorsPerS: (s) => dayPerS(s) + officePerS(s),
  addressAt(s, chance) {
    const fromOffice = officePerS(s) / (dayPerS(s) + officePerS(s))
    return chance.share() < fromOffice ? BIG_OFFICE.address : usualAddress(s / HOUR_S, chance)
  },
  robots: [],
  robotsFromS: 0,
  robotsUntilS: 0,
}

/** Fifty times as many within five minutes; after twenty more it ebbs away. */
export const crowd: Scene = {
  name: 'A flash crowd',
  slug: 'crowd',
  hours: 1.5,
  visitorsPerS(s) {
    const minute = s / 60
    const more = (CROWD_FACTOR - 1) * VISITORS_PER_S
    if (minute < 45) return VISITORS_PER_S + more * Math.min(Math.max((minute - 20) / 5, 0), 1)
    return VISITORS_PER_S + more * Math.exp((45 - minute) / 10)
  },
  addressAt: (_, chance) => usualAddress(14, chance),
  robots: [],
  robotsFromS: 0,
  robotsUntilS: 0,
}

const attacked = {
  hours: 0.5,
  visitorsPerS: () => VISITORS_PER_S,
  addressAt: (_: number, chance: Chance) => usualAddress(14, chance),
  robotsFromS: 300,
  robotsUntilS: 1_200,
}

/** One core in each of so many homes' networks. */
export function botnet(networks: number): Scene {
  return {
    name: `A botnet in ${networks} networks`,
    slug: 'botnet',
    ...attacked,
    robots: Array.from({ length: networks }, (_, i) => home(Math.floor((i * HOMES) / networks))),
  }
}

/** A server with many cores. */
export function lone(cores: number): Scene {
  return {
    name: `One attacker, ${cores} cores in one network`,
    slug: 'attacker',
    ...attacked,
    robots: Array.from({ length: cores }, () => '198.51.100.7'),
  }
}
