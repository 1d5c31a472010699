import { once } from 'node:events'
import type { AuditLog } from '../store/store.ts'
import { openOurStore } from './open.ts'
import { readArgs, UsageError } from './usage.ts'

const ACTS = ['head', 'verify', 'export']

/**
 * `one-captcha audit …`: shows the log's head, computes its chain anew, or writes all of it out as lines of JSON. 1 if the
 * chain does not hold.
 */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    head: { type: 'string' },
    json: { type: 'boolean' },
  })
  const [act = '', ...rest] = positionals
  if (!ACTS.includes(act) || rest.length > 0) {
    throw new UsageError(`audit needs one of: ${ACTS.join(', ')}.`)
  }
  if (values.head !== undefined && act !== 'verify') {
    throw new UsageError('--head goes with audit verify.')
  }
  const kept = values.head === undefined ? undefined : readHead(values.head)

  const { store, close } = await openOurStore()
  try {
    if (act === 'export') return await writeAll(store.audit)
    const head = await store.audit.head()
    if (act === 'head') {
      write(values.json, head, `${head.seq}:${head.hash}`)
      return 0
    }
    const fault = await store.audit.verify(kept)
    const text = fault
      ? `The log is not as it was written: event ${fault.seq} ${fault.why}.`
      : `The log holds, from its first event to its head ${head.seq}:${head.hash}`
    write(values.json, { ok: fault === null, head, fault }, text)
    return fault ? 1 : 0
  } finally {
    await close()
  }
}

function write(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : text}\n`)
}

async function writeAll(log: AuditLog): Promise<number> {
  for await (const event of log.all()) {
    if (!process.stdout.write(`${JSON.stringify(event)}\n`)) await once(process.stdout, 'drain')
  }
  return 0
}

/** A head as `audit head` shows it, and somebody has kept it. */
function readHead(input: string): { seq: number; hash: string } {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(input.trim())
  if (match) return { seq: Number(match[1]), hash: match[2]! }
  throw new UsageError('--head must be as audit head shows it: a number, a colon, 64 hex digits.')
}
