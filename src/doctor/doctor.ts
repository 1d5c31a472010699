import type { Ledger } from '../ledger/ledger.ts'
import type { Gate } from '../manage/gate.ts'
import type { Actor } from '../manage/manage.ts'
import type { Examination, Store } from '../store/store.ts'
import { examine, type Patient } from './examine.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A service that has just started has better things to do. */
const START_MS = 600_000
/** Of several nodes one looks; if it ends meanwhile, another does in the next span. */
const SPAN_MS = 600_000
/** Somebody should see why there was none. */
const OVERDUE_MS = 36 * HOUR_MS
const SHOWN = 14

/** Looks once a day at what should be looked at, and whenever an operator wishes. */
export interface Doctor {
  /** Looks at everything now, and writes it down. Two who ask at once get the same. */
  look(actor: Actor): Promise<Examination>
  /** What was found, the newest first; and whether there should be a newer one by now. */
  found(actor: Actor): Promise<{ all: Examination[]; overdue: boolean }>
  /** By the clock. */
  daily(): Promise<void>
  /** Tells where the service listens, once it does. */
  listensAt(url: string): void
}

export function makeDoctor(parts: {
  store: Pick<Store, 'examinations'>
  ledger: Pick<Ledger, 'spend'>
  gate: Gate
  patient: Omit<Patient, 'ownUrl'>
}): Doctor {
  const { store, ledger, gate, patient } = parts
  const { examinations } = store
  const { now } = patient
  const startedAt = now()
  let ownUrl: string | null = null
  let looking: Promise<Examination> | null = null

  function lookOnce(): Promise<Examination> {
    looking ??= examine({ ...patient, ownUrl })
      .then((checks) => examinations.add(checks))
      .finally(() => {
        looking = null
      })
    return looking
  }

  return {
    async look(actor) {
      gate.pass(actor, 'promises.write')
      return lookOnce()
    },

    async found(actor) {
      gate.pass(actor, 'promises.read')
      const all = await examinations.list(SHOWN)
      // Who has just started has had no time to look yet.
      const couldLook = now() - startedAt > START_MS + SPAN_MS
      return { all, overdue: couldLook && now() - (all[0]?.at ?? startedAt) > OVERDUE_MS }
    },

    async daily() {
      if (now() - startedAt < START_MS) return
      const last = await examinations.last()
      if (last && now() - last.at < DAY_MS) return
      const span = Math.floor(now() / SPAN_MS)
      const claim = { id: `doctor ${span}`, issuedAt: now(), expiresAt: now() + 2 * SPAN_MS }
      if ((await ledger.spend(claim)) === 'spent') await lookOnce()
    },

    listensAt(url) {
      // Where it listens to all, it can be reached from here.
      ownUrl = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
    },
  }
}
