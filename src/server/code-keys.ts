import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from '../core/random.ts'
import type { Peers } from '../ledger/ledger.ts'
import type { Seal } from '../seal.ts'

/** For so long, new counts are made under a key; then it is read for as long again. */
const KEY_LIFE_MS = 10 * 60_000
/** So long before a key is needed, nodes begin to agree on it. */
const AHEAD_MS = 60_000
/** How often a node says what it has, in case that somebody did not hear it. */
const TELL_MS = 15_000
/** What is to be said is collected for so long. */
const GATHER_MS = 20
/** A node that starts waits so long for others to tell it their keys. */
const JOIN_MS = 400
const KEY_BYTES = 32

/** The other nodes, and the seal that hides from what lies between what is said to them. */
export interface Nodes {
  peers: Peers
  seal: Seal
}

/** The random keys under which visitors' networks are coded: in memory alone, the same on all nodes. */
export interface CodeKeys {
  /** The key that is used now, and the one before it; null where there was none. */
  current(): { newest: KeyObject; former: KeyObject | null }
  /** Resolves when the other nodes were asked. */
  joined: Promise<void>
  close(): void
}

/** What nodes say to each other: what they have, by the span of time that it is for, and whether they want to hear more. */
interface Message {
  keys: [span: number, key: string][]
  ask: boolean
}

interface Key {
  bytes: Buffer
  object: KeyObject
}

/**
 * Starts to keep keys. Each span of ten minutes has its own, and where nodes have different ones for a span, the lesser
 * counts: in whatever order they hear of each other, they come to the same.
 *
 * @param nodes absent where there are no others
 */
export function startCodeKeys(random: Random, now: () => number, nodes?: Nodes): CodeKeys {
  const keys = new Map<number, Key>()
  let telling: NodeJS.Timeout | undefined
  let heard = () => {}
  const timer = nodes && setInterval(keepInStep, TELL_MS).unref()
  nodes?.peers.hear((text) => {
    const opened = nodes.seal.open('peers', text)
    if (opened === null) return
    try {
      hear(JSON.parse(opened))
    } catch {
      // A node of another version may say it otherwise. It is as if it had not.
    }
  })

  function current() {
    const span = spanNow()
    for (const old of keys.keys()) if (old < span - 1) keys.delete(old)
    const newest = keys.get(span) ?? make(span)
    return { newest: newest.object, former: keys.get(span - 1)?.object ?? null }
  }

  function make(span: number): Key {
    const key = put(span, Buffer.from(random.bytes(KEY_BYTES)))
    tellSoon()
    return key
  }

  function put(span: number, bytes: Buffer): Key {
    const key = { bytes, object: createSecretKey(bytes) }
    keys.set(span, key)
    return key
  }

  function hear({ keys: theirs, ask }: Message) {
    const span = spanNow()
    for (const [at, text] of theirs) {
      const bytes = Buffer.from(text, 'base64')
      // Who replays what was said long ago is not listened to; a clock may be a little ahead.
      if (Math.abs(at - span) > 1 || bytes.length !== KEY_BYTES) continue
      const order = Buffer.compare(keys.get(at)?.bytes ?? bytes, bytes)
      if (order > 0 || !keys.has(at)) put(at, bytes)
      else if (order < 0) tellSoon()
    }
    if (ask && keys.size > 0) tellSoon()
    if (theirs.length > 0) heard()
  }

  function keepInStep() {
    current()
    const next = spanNow() + 1
    if (next * KEY_LIFE_MS - now() <= AHEAD_MS && !keys.has(next)) make(next)
    tell(false)
  }

  function tellSoon() {
    if (nodes) telling ??= setTimeout(() => tell(false), GATHER_MS).unref()
  }

  function tell(ask: boolean) {
    clearTimeout(telling)
    telling = undefined
    const message: Message = {
      keys: [...keys].map(([span, { bytes }]) => [span, bytes.toString('base64')]),
      ask,
    }
    // What is lost is said again before long.
    nodes!.peers.tell(nodes!.seal.close('peers', JSON.stringify(message))).catch(() => {})
  }

  async function join() {
    if (!nodes) return
    await new Promise<void>((resolve) => {
      heard = resolve
      setTimeout(resolve, JOIN_MS)
      tell(true)
    })
    heard = () => {}
    current()
  }

  function spanNow(): number {
    return Math.floor(now() / KEY_LIFE_MS)
  }

  return {
    current,
    joined: join(),
    close() {
      clearInterval(timer)
      clearTimeout(telling)
    },
  }
}
