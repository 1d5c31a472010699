import { type Claim, LedgerUnavailable, type Spend } from '../ledger.ts'
import { type Part, partOf } from './parts.ts'
import { type Script, spend } from './scripts.ts'

const ANSWERS: readonly Spend[] = ['spent', 'again', 'outdated', 'forgotten', 'repeated']
/** Claims in one script, which nobody else's may interrupt. */
const BATCH_MAX = 100
/** Ids are remembered for so much longer than they are good: Redis ends them by its own clock. */
const REMEMBERED_MS = 10_000
/** More at once means that Redis does not keep up: refuse rather than pile up. */
const WAITING_MAX = 50_000

type Run = (
  part: Part,
  script: Script,
  keys: string[],
  args: (string | number)[],
) => Promise<unknown>

interface Waiting {
  claim: Claim
  part: Part
  resolve(spend: Spend): void
  reject(error: unknown): void
}

/**
 * Spends together what comes in the same turn of the event loop: that is several times cheaper.
 *
 * @param apart whether each part of the memory may be somewhere else: then one script can look at one part only
 */
export function spendInBatches(run: Run, apart: boolean): (claim: Claim) => Promise<Spend> {
  const batches = new Map<string, Waiting[]>()
  let waiting = 0

  function flush() {
    for (const batch of batches.values()) send(batch)
    batches.clear()
  }

  async function send(batch: Waiting[]) {
    const keys: string[] = []
    const args: (string | number)[] = []
    for (const { claim, part } of batch) {
      const { id, issuedAt, expiresAt, site, mark = '' } = claim
      keys.push(part.era, site ? `${part.tag}r:${site.sitekey}` : part.era, `${part.tag}s:${id}`)
      args.push(site?.revision ?? '', issuedAt, Math.ceil(expiresAt) + REMEMBERED_MS, mark)
    }
    try {
      const said = String(await run(batch[0]!.part, spend, keys, args))
      for (const [i, one] of batch.entries()) {
        const answer = ANSWERS[Number(said[i] ?? Number.NaN)]
        if (answer) one.resolve(answer)
        else one.reject(new LedgerUnavailable('Redis gave no answer.'))
      }
    } catch (error) {
      for (const one of batch) one.reject(error)
    } finally {
      waiting -= batch.length
    }
  }

  return (claim) => {
    if (waiting >= WAITING_MAX) {
      return Promise.reject(new LedgerUnavailable('Redis does not keep up.'))
    }
    return new Promise((resolve, reject) => {
      waiting++
      if (batches.size === 0) setImmediate(flush)
      const part = partOf(claim.site?.sitekey ?? claim.id)
      const name = apart ? part.tag : ''
      const one = { claim, part, resolve, reject }
      const batch = batches.get(name)
      if (!batch) batches.set(name, [one])
      else if (batch.push(one) >= BATCH_MAX) {
        batches.delete(name)
        send(batch)
      }
    })
  }
}
