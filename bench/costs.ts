/** How fast a kind of work is done, in tries a second. */
export interface Speeds {
  /** One thread of a visitor's browser. */
  visitor: number
  /** One core of an attacker, compiled for it. */
  core: number
  /** One graphics card; null where nothing is known. */
  gpu: number | null
}

/** What machines cost, in dollars an hour. */
export interface Rents {
  core: number
  gpu: number
}

/** What a number of tries costs those who do them. */
export interface Cost {
  visitorMs: number
  coreSeconds: number
  coreDollars: number
  gpuDollars: number | null
}

/** What it costs a visitor to do these tries once, and an attacker to do his `share` of them `times` over. */
export function costOf(
  tries: number,
  speeds: Speeds,
  rents: Rents,
  { times = 1_000, share = 1 } = {},
): Cost {
  const all = tries * share * times
  const coreSeconds = all / speeds.core
  return {
    visitorMs: (tries / speeds.visitor) * 1_000,
    coreSeconds,
    coreDollars: dollarsFor(coreSeconds, rents.core),
    gpuDollars: speeds.gpu && dollarsFor(all / speeds.gpu, rents.gpu),
  }
}

/** How many tries fit into a visitor's wait. */
export function triesWithin(waitMs: number, speeds: Speeds): number {
  return (waitMs / 1_000) * speeds.visitor
}

export function dollarsFor(seconds: number, perHour: number): number {
  return (seconds / 3_600) * perHour
}

/** A chain of challenges: what must be paid before the first picture, and what with each picture. */
export interface Chain {
  first: number
  /** Of as many pictures as anybody would want to try. */
  pictures: readonly number[]
}

/** What a token costs on average who gets a share `hits` of the pictures right, and gives a chain up after so many. */
export function costGivingUp({ first, pictures }: Chain, hits: number, after: number): number {
  let paid = first
  /** How often a chain gets as far as this picture. */
  let reached = 1
  for (const price of pictures.slice(0, after)) {
    paid += reached * price
    reached *= 1 - hits
  }
  return paid / (1 - reached)
}

/** What it costs who gives a chain up whenever that is cheapest, if ever: after a miss he can go on, or begin another. */
export function costPerToken(chain: Chain, hits: number): number {
  const { pictures } = chain
  return Math.min(...pictures.map((_, i) => costGivingUp(chain, hits, i + 1)))
}

/**
 * The least that anybody could pay who gets a share `hits` of the pictures right: he would have to know, before he does
 * the picture's work, whether this is one of them, and would begin another chain if not.
 */
export function costPerTokenForesighted({ first, pictures }: Chain, hits: number): number {
  return first / hits + pictures[0]!
}
