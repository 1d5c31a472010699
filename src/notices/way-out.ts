import type { Random } from '../core/random.ts'
import { makeVault } from '../vault.ts'
import { OPTIONAL_KINDS, type OptionalKind } from './notice.ts'

/** Whose letters of what kind are to end. */
export interface Leaving {
  accountId: string
  kind: OptionalKind
}

/** The links by which letters of a kind are stopped: good for as long as somebody may find such a letter. */
export interface WaysOut {
  give(leaving: Leaving): string
  /** Null for what we have not given. */
  read(slip: string): Leaving | null
}

/** What is in a link is encrypted: it names nobody to those who read it on the way, and nobody can make one for another. */
export function makeWaysOut(rootKeys: readonly Uint8Array[], random: Random): WaysOut {
  const vault = makeVault(rootKeys, 'ways out', random)
  return {
    give: ({ accountId, kind }) => vault.close('', `${kind} ${accountId}`),
    read(slip) {
      if (!/^[\w-]{40,200}$/.test(slip)) return null
      let text: string
      try {
        text = vault.open('', slip)
      } catch {
        return null
      }
      const [kind, accountId] = text.split(' ')
      const known = OPTIONAL_KINDS.find((one) => one === kind)
      return known && accountId ? { kind: known, accountId } : null
    },
  }
}
