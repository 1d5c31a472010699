/** A gap as an attacker sees it: clues, and (for training on solved puzzles) whether it is the true one. */
export interface Candidate {
  x: number
  clues: number[]
  isTrue: boolean
}

const ROUNDS = 300
const RATE = 0.3
const KEEP_SMALL = 0.01

/** Clues compared within one puzzle only: what counts is which gap has more. */
export function standardise(group: Candidate[]): Candidate[] {
  const count = group[0]!.clues.length
  const means: number[] = []
  const spreads: number[] = []
  for (let k = 0; k < count; k++) {
    const values = group.map((candidate) => candidate.clues[k]!)
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length
    means.push(mean)
    spreads.push(
      Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) + 1e-9,
    )
  }
  return group.map((candidate) => ({
    ...candidate,
    clues: candidate.clues.map((v, k) => (v - means[k]!) / spreads[k]!),
  }))
}

/** Learns how much each clue weighs (a conditional logit), from puzzles whose answers were bought. */
export function learn(groups: readonly Candidate[][]): number[] {
  const size = groups[0]![0]!.clues.length
  const weights = new Array<number>(size).fill(0)
  for (let round = 0; round < ROUNDS; round++) {
    const step = new Array<number>(size).fill(0)
    for (const group of groups) {
      const chances = softmax(group.map((candidate) => score(weights, candidate)))
      for (const [i, candidate] of group.entries()) {
        const off = (candidate.isTrue ? 1 : 0) - chances[i]!
        for (let k = 0; k < size; k++) step[k]! += off * candidate.clues[k]!
      }
    }
    for (let k = 0; k < size; k++) {
      weights[k]! += (RATE * step[k]!) / groups.length - RATE * KEEP_SMALL * weights[k]!
    }
  }
  return weights
}

export function score(weights: readonly number[], candidate: Candidate): number {
  return weights.reduce((sum, w, k) => sum + w * candidate.clues[k]!, 0)
}

function softmax(values: readonly number[]): number[] {
  const top = Math.max(...values)
  const parts = values.map((v) => Math.exp(v - top))
  const total = parts.reduce((sum, v) => sum + v, 0)
  return parts.map((v) => v / total)
}
