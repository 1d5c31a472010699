import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Peers } from '../ledger/ledger.ts'
import { systemRandom } from '../random.ts'
import { makeSeal } from '../seal.ts'
import { type CodeKeys, startCodeKeys } from './code-keys.ts'

const SPAN_MS = 10 * 60_000

let now = 5 * SPAN_MS + 1_000
const seal = makeSeal([Buffer.alloc(32, 7)], systemRandom(), () => now)

/** A room in which all who are there hear what is said. Doors may be shut. */
function openRoom() {
  const listeners: { who: number; listener: (text: string) => void }[] = []
  const away = new Set<number>()
  const said: string[] = []
  let guests = 0
  return {
    said,
    away,
    enter(): Peers {
      const who = guests++
      return {
        async tell(text) {
          if (away.has(who)) throw new Error('nobody is there')
          said.push(text)
          for (const { who: whose, listener } of listeners) if (!away.has(whose)) listener(text)
        },
        hear: (listener) => void listeners.push({ who, listener }),
      }
    },
  }
}

const start = (peers: Peers, its = seal) =>
  startCodeKeys(systemRandom(), () => now, { peers, seal: its })
const text = (keys: CodeKeys) => {
  const { newest, former } = keys.current()
  return [newest, former].map((key) => key?.export().toString('hex') ?? null)
}
/** Lets what is to be said be said. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 120))

describe('the keys that networks are coded under', () => {
  it('are the same for nodes that start at once, and for who comes later', async () => {
    const room = openRoom()
    const nodes = Array.from({ length: 5 }, () => start(room.enter()))
    await Promise.all(nodes.map(({ joined }) => joined))
    await settle()
    const late = start(room.enter())
    await late.joined
    for (const node of [...nodes, late]) assert.deepEqual(text(node), text(nodes[0]!))
    for (const node of [...nodes, late]) node.close()
  })

  it('go on being the same when they are renewed, and the former is kept', async () => {
    const room = openRoom()
    const [a, b] = [start(room.enter()), start(room.enter())] as const
    await Promise.all([a.joined, b.joined])
    await settle()
    const [first] = text(a)
    now += SPAN_MS
    const before = [text(a), text(b)]
    assert.deepEqual(
      before.map(([, former]) => former),
      [first, first],
    )
    await settle()
    assert.deepEqual(text(a), text(b))
    assert.notEqual(text(a)[0], first)
    a.close()
    b.close()
  })

  it('differ while nodes cannot hear each other, and are the same again when they can', async () => {
    const room = openRoom()
    const [a, b] = [start(room.enter()), start(room.enter())] as const
    await Promise.all([a.joined, b.joined])
    await settle()
    room.away.add(1)
    now += 2 * SPAN_MS
    assert.notEqual(text(a)[0], text(b)[0])
    room.away.clear()
    now += SPAN_MS
    text(a)
    text(b)
    await settle()
    assert.deepEqual(text(a)[0], text(b)[0])
    a.close()
    b.close()
  })

  it('are told in no form that another service, or who listens between, can read', async () => {
    const room = openRoom()
    const a = start(room.enter())
    await a.joined
    const stranger = start(
      room.enter(),
      makeSeal([Buffer.alloc(32, 8)], systemRandom(), () => now),
    )
    await stranger.joined
    await settle()
    assert.notEqual(text(a)[0], text(stranger)[0])
    const key = Buffer.from(text(a)[0]!, 'hex')
    for (const said of room.said) {
      assert.ok(!said.includes(key.toString('base64url').slice(0, 20)))
      assert.ok(!Buffer.from(said, 'base64url').includes(key.toString('base64')))
    }
    a.close()
    stranger.close()
  })

  it('are not changed by what was said long ago, or is no message', async () => {
    const room = openRoom()
    const a = start(room.enter())
    await a.joined
    await settle()
    const old = [...room.said]
    now += 3 * SPAN_MS
    const fresh = text(a)
    const peers = room.enter()
    for (const said of [...old, '', 'junk', seal.close('token', '{"keys":[],"ask":true}')]) {
      await peers.tell(said)
    }
    assert.deepEqual(text(a), fresh)
    a.close()
  })
})
