import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Painter, Picture } from './painter.ts'
import type { WorkerNews, WorkerOrder } from './worker.ts'

export interface PainterOptions {
  /** How many pictures are kept ready. */
  ready?: number
  workers?: number
  /** A folder of the operator's own photographs (JPEG, PNG, WebP), used in turn with painted scenes. */
  photographs?: string
  /** Repeatable pictures, for tests and the lab. Never in the service: its pictures must not be foretold. */
  seed?: number
  /** What the workers run; for tests. */
  script?: URL
  /** Told about a worker that failed. It is replaced. */
  onError?: (error: Error) => void
  /** Told what the operator should know, such as a photograph that cannot be used. */
  onWarning?: (message: string) => void
}

const READY = 64
const WORKERS_MAX = 2

/** How long to wait before a failed worker is replaced, doubled with every failure in a row. */
const REPLACE_AFTER_MS = 100
const REPLACE_AFTER_MAX_MS = 30_000

/** Starts workers that keep pictures ready. Taking one is a look-up; the next is painted in its place. */
export function startPainter(options: PainterOptions = {}): Painter {
  const wanted = options.ready ?? READY
  const count = options.workers ?? Math.min(availableParallelism(), WORKERS_MAX)
  const shelf: Picture[] = []
  const desks = Array.from({ length: count }, (_, i) => newDesk(i))
  const told = new Set<string>()
  let closed = false
  let failures = 0

  // Every worker reads the same photographs, and says the same of them.
  function tell(notice: string) {
    if (told.has(notice)) return
    told.add(notice)
    options.onWarning?.(notice)
  }

  function newDesk(i: number) {
    return { i, worker: null as Worker | null, painting: false, timer: undefined as Timer }
  }

  function staff(desk: (typeof desks)[number]) {
    const worker = new Worker(options.script ?? WORKER_URL, {
      workerData: {
        seed: options.seed === undefined ? null : options.seed + desk.i,
        photographs: options.photographs ?? null,
      } satisfies WorkerOrder,
    })
    // A service that has nothing else to do may end; pictures are no reason to stay.
    worker.unref()
    desk.worker = worker
    desk.painting = false
    worker.on('message', (news: WorkerNews) => {
      if ('notice' in news) return tell(news.notice)
      failures = 0
      desk.painting = false
      // A picture may still be on its way when all is over.
      if (closed) return
      shelf.push(news.picture)
      refill()
    })
    worker.on('error', (error) => options.onError?.(error as Error))
    worker.on('exit', () => {
      if (closed || desk.worker !== worker) return
      desk.worker = null
      const delay = Math.min(REPLACE_AFTER_MS * 2 ** failures++, REPLACE_AFTER_MAX_MS)
      desk.timer = setTimeout(staff, delay, desk).unref()
    })
    refill()
  }

  /** Each desk paints one picture at a time, as long as the shelf has room. */
  function refill() {
    let ordered = shelf.length + desks.filter((desk) => desk.painting).length
    for (const desk of desks) {
      if (closed || ordered >= wanted) return
      if (!desk.worker || desk.painting) continue
      desk.painting = true
      desk.worker.postMessage('paint')
      ordered++
    }
  }

  for (const desk of desks) staff(desk)

  return {
    take(reserve = 0) {
      if (shelf.length <= reserve * wanted) return null
      const picture = shelf.shift() ?? null
      refill()
      return picture
    },
    ready: () => shelf.length,
    async close() {
      closed = true
      shelf.length = 0
      await Promise.all(
        desks.map((desk) => {
          clearTimeout(desk.timer)
          return desk.worker?.terminate()
        }),
      )
    },
  }
}

type Timer = NodeJS.Timeout | undefined

// Beside this file as TypeScript in the repository, as JavaScript once built.
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
)
