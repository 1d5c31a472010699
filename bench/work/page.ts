/** What runs in the page: others' workers, as their packages ship them, given work as their widgets give it. */

/** How many tries it was, and for how long. */
export interface Run {
  tries: number
  ms: number
}

/** A worker is used again by the next run on the same page. */
const kept = new Map<string, Worker[]>()

function workersOf(script: string, count: number): Worker[] {
  const workers = kept.get(script) ?? []
  kept.set(script, workers)
  while (workers.length < count)
    workers.push(new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))))
  return workers.slice(0, count)
}

function ask<Answer>(
  worker: Worker,
  message: unknown,
  counts: (data: Answer) => boolean = () => true,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (counts(data)) resolve(data)
    }
    worker.postMessage(message)
  })
}

async function timed(act: () => Promise<number>): Promise<Run> {
  const startedAt = performance.now()
  const tries = await act()
  return { tries, ms: performance.now() - startedAt }
}

/** Each worker takes the next piece of work as soon as it is done with the one before. */
async function share<Piece>(
  workers: Worker[],
  pieces: Piece[],
  solve: (worker: Worker, piece: Piece) => Promise<number>,
): Promise<number> {
  let next = 0
  let tries = 0
  await Promise.all(
    workers.map(async (worker) => {
      while (next < pieces.length) {
        const some = await solve(worker, pieces[next++]!)
        tries += some
      }
    }),
  )
  return tries
}

let capModule: WebAssembly.Module | undefined

/** Cap's widget waits for all workers before it gives them the next challenges; here they need not. */
function cap(
  script: string,
  wasm: string,
  challenges: { salt: string; target: string }[],
  count: number,
): Promise<Run> {
  capModule ??= new WebAssembly.Module(Uint8Array.from(atob(wasm), (char) => char.charCodeAt(0)))
  return timed(() =>
    share(workersOf(script, count), challenges, async (worker, challenge) => {
      const message = { ...challenge, wasmModule: capModule }
      const { nonce } = await ask<{ nonce: number }>(worker, message)
      return nonce + 1
    }),
  )
}

type Friendly = { type: string; h: number }

/** Its widget has its workers ready before there is a challenge. */
async function friendlyReady(script: string, count: number): Promise<void> {
  for (const worker of workersOf(script, count))
    await ask(worker, { type: 'solver', forceJS: false })
}

function friendly(
  script: string,
  puzzle: readonly number[],
  puzzles: number,
  threshold: number,
  count: number,
): Promise<Run> {
  const inputs = Array.from({ length: puzzles }, (_, i) => {
    const input = new Uint8Array(128)
    input.set(puzzle)
    input[120] = i
    return input
  })
  const start = { type: 'start', threshold, puzzleIndex: 0, puzzleNumber: 1 }
  return timed(() =>
    share(workersOf(script, count), inputs, async (worker, puzzleSolverInput) => {
      const isDone = ({ type }: Friendly) => type === 'done'
      const { h } = await ask<Friendly>(worker, { ...start, puzzleSolverInput }, isDone)
      return h + 1
    }),
  )
}

type Altcha = { counter: number } | null

/** Every worker tries every `count`th number, until one has found it. */
async function altcha(
  script: string,
  challenge: { parameters: object },
  counterMode: 'string' | 'uint32',
  count: number,
): Promise<Run> {
  const work = { type: 'work', challenge, counterMode, counterStep: count, timeout: 90_000 }
  let searches: Promise<Altcha>[] = []
  const run = await timed(async () => {
    searches = workersOf(script, count).map((worker, counterStart) =>
      ask<Altcha>(worker, { ...work, counterStart }),
    )
    const found = await Promise.race(searches)
    if (!found) throw new Error('ALTCHA’s worker gave up.')
    return found.counter + 1
  })
  for (const worker of workersOf(script, count)) worker.postMessage({ type: 'abort' })
  await Promise.all(searches)
  return run
}

const peers = { cap, friendly, friendlyReady, altcha }
Object.assign(window, { peers })

/** The page's `peers`. */
export type Peers = typeof peers
