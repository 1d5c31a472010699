import { setTimeout as after } from 'node:timers/promises'
import { LedgerUnavailable } from '../ledger.ts'
import type { Address } from './address.ts'
import { open, toServer } from './connect.ts'
import { type Line, type LineOptions, openLine } from './line.ts'
import { type Part, parts } from './parts.ts'

/** How often it is looked who has what, and how often while something is wrong. */
const LOOK_MS = 5_000
const LOOK_AGAIN_MS = 250
const ANSWER_MS = 1_000
/** Servers asked at once. */
const ASKED_MAX = 8

/** The lines to all who hold a part of the memory. */
export interface Lines {
  to(part: Part): Line
  any(): Line
  /** Resolves when all of it is there. */
  opened(): Promise<void>
  /** Looks again who holds what. */
  look(): Promise<void>
  /** Any server that can be asked, for those who listen. */
  servers(): { host: string; port: number }[]
  close(): void
}

/** A line to the one who holds all. */
export function openSingle(line: Line): Lines {
  return {
    to: () => line,
    any: () => line,
    opened: line.opened,
    look: async () => {},
    servers: () => [],
    close: line.close,
  }
}

/** Who holds what, as one server sees it. */
interface View {
  epoch: number
  servers: string[]
  ranges: { from: number; to: number; master: string }[]
}

/** Keeps a line to each master of a cluster, and follows when parts move to another. */
export function openCluster(
  address: Address,
  options: Omit<LineOptions, 'connect' | 'eras'>,
): Lines {
  const lines = new Map<string, Line>()
  const owners = new Map<Part, string>()
  const stop = new AbortController()
  let known = address.hosts.map(({ host, port }) => join(host, port))
  let epoch = 0
  let turn = 0
  let looking: Promise<void> | null = null
  follow()

  async function follow() {
    while (!stop.signal.aborted) {
      await look()
      await after(whole() ? LOOK_MS : LOOK_AGAIN_MS, undefined, { signal: stop.signal }).catch(
        () => {},
      )
    }
  }

  function whole(): boolean {
    return owners.size === parts.length && [...lines.values()].every((line) => line.isOpen())
  }

  function look(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = null
    })
    return looking
  }

  async function lookNow() {
    const seeds = address.hosts.map(({ host, port }) => join(host, port))
    const all = [...new Set([...known, ...seeds])]
    const first = turn++ % all.length
    const asked = [...all.slice(first), ...all.slice(0, first)].slice(0, ASKED_MAX)
    const views = (await Promise.all(asked.map(ask))).filter((view) => view !== null)
    // Who was cut off, or stood still, may not have heard yet of a later election.
    const view = views.reduce<View | null>(
      (best, one) => (best && best.epoch >= one.epoch ? best : one),
      null,
    )
    if (view && view.epoch >= epoch && !stop.signal.aborted) adopt(view)
  }

  async function ask(server: string): Promise<View | null> {
    const [host, port] = split(server)
    const redis = toServer(address, host, port)
    const timer = setTimeout(() => redis.disconnect(), ANSWER_MS)
    try {
      await open(redis)
      const [info, slots] = await Promise.all([redis.cluster('INFO'), redis.cluster('SLOTS')])
      if (!/cluster_state:ok/.test(info as string)) return null
      const nameOf = ([ip, at]: readonly [string, number, ...unknown[]]) => join(ip || host, at)
      return {
        epoch: Number(/cluster_current_epoch:(\d+)/.exec(info as string)?.[1] ?? 0),
        servers: slots.flatMap(([, , ...servers]) => servers.map(nameOf)),
        ranges: slots.map(([from, to, master]) => ({ from, to, master: nameOf(master!) })),
      }
    } catch {
      return null
    } finally {
      clearTimeout(timer)
      redis.disconnect()
    }
  }

  function adopt(view: View) {
    epoch = view.epoch
    known = [...new Set(view.servers)]
    owners.clear()
    for (const part of parts) {
      const range = view.ranges.find(({ from, to }) => from <= part.slot && part.slot <= to)
      if (range) owners.set(part, range.master)
    }
    const masters = new Set(owners.values())
    for (const [master, line] of lines) {
      if (masters.has(master)) continue
      line.close()
      lines.delete(master)
    }
    for (const master of masters) if (!lines.has(master)) lines.set(master, openTo(master))
  }

  function openTo(master: string): Line {
    const [host, port] = split(master)
    return openLine({
      ...options,
      connect: () => toServer(address, host, port),
      eras: () => parts.filter((part) => owners.get(part) === master).map(({ era }) => era),
      onEnd: () => void look(),
    })
  }

  return {
    to(part) {
      const line = lines.get(owners.get(part) ?? '')
      if (!line) throw new LedgerUnavailable('Nobody in the cluster holds this part of the ledger.')
      return line
    },
    any() {
      const all = [...lines.values()]
      const line = all.find((one) => one.isOpen()) ?? all[0]
      if (!line) throw new LedgerUnavailable('The cluster is out of reach.')
      return line
    },
    async opened() {
      while (!whole() && !stop.signal.aborted) await after(20)
    },
    look,
    servers: () =>
      [...new Set(known)].map((server) => {
        const [host, port] = split(server)
        return { host, port }
      }),
    close() {
      stop.abort()
      for (const line of lines.values()) line.close()
    },
  }
}

function join(host: string, port: number): string {
  return `${host}|${port}`
}

function split(server: string): [host: string, port: number] {
  const [host = '', port] = server.split('|')
  return [host, Number(port)]
}
