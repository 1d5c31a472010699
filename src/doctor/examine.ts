import type { Config } from '../config.ts'
import { type Check, failing, ok } from './check.ts'
import { lookAtFiles } from './files.ts'
import { lookAtSettings } from './settings.ts'
import { clock, lookAtStore, type Stored } from './stored.ts'
import { lookAtMail, lookAtPages, lookFromOutside } from './web.ts'

/** What is looked at. Where something cannot be reached, that is what is found. */
export interface Patient {
  config: Config
  now: () => number
  /** What can be found out about the store; the rest of it is in `more`. */
  stored: Stored | null
  /** What the caller has looked at. */
  more?: readonly Check[]
  /** The clock of what several nodes share; absent where they share nothing. Throws where it does not answer. */
  ledgerClock?: () => Promise<number>
  /** Where the service listens; null for one that does not run here. */
  ownUrl: string | null
}

/** Looks at all of it, and changes nothing. */
export async function examine(patient: Patient): Promise<Check[]> {
  const { config, now, stored, more = [], ledgerClock, ownUrl } = patient
  // Who does not answer is waited for: all at the same time.
  const outside = Promise.all([
    lookAtMail(config),
    lookFromOutside(config, now()),
    ownUrl ? lookAtPages(ownUrl, config) : [],
  ])
  return [
    ok('settings', 'all can be read'),
    ...lookAtFiles(config, now()),
    ...more,
    ...(stored ? await reached('store', () => lookAtStore(stored)) : []),
    ...(ledgerClock ? await ledger(ledgerClock, now) : []),
    ...lookAtSettings(config, now()),
    ...(await outside).flat(),
  ]
}

async function ledger(read: () => Promise<number>, now: () => number): Promise<Check[]> {
  try {
    const checks = await clock('clock of Redis', read, now)
    return [ok('ledger', 'Redis answers'), ...checks]
  } catch {
    return [failing('ledger', 'Redis does not answer: nothing can be accepted')]
  }
}

async function reached(name: string, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    return [failing(name, `cannot be read: ${(error as Error).name}`)]
  }
}
