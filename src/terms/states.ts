import type { TermsRow } from '../store/store.ts'
import type { Version } from './terms.ts'

/** What a version is at one moment. */
export interface Standing {
  state: Version['state']
  /** When the next version came into force; null while there is none. */
  endedAt: number | null
}

/**
 * What each announced version is, and the founding text, which is number 0. It follows from their moments alone: every node
 * says the same, and none has to do anything when a version comes into force.
 */
export function standingsAt(rows: readonly TermsRow[], at: number): Map<number, Standing> {
  const held = rows
    .filter(({ withdrawnAt, effectiveAt }) => withdrawnAt === null && effectiveAt! <= at)
    .sort((a, b) => a.effectiveAt! - b.effectiveAt!)
  const endOf = (place: number) => held[place]?.effectiveAt ?? null
  const standings = new Map<number, Standing>([
    [0, { state: held.length === 0 ? 'founding' : 'superseded', endedAt: endOf(0) }],
  ])
  for (const row of rows) {
    const place = held.indexOf(row)
    const state =
      row.withdrawnAt !== null
        ? 'withdrawn'
        : place < 0
          ? 'announced'
          : place === held.length - 1
            ? 'in-force'
            : 'superseded'
    standings.set(row.number, { state, endedAt: place < 0 ? null : endOf(place + 1) })
  }
  return standings
}
