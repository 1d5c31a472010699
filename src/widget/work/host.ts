import type { SolverModule } from './job.ts'

/** Gives the port to a worker of this origin; or, where there can be none, does the jobs on this thread. */
export function host(port: MessagePort, parts: string): void {
  try {
    const worker = new Worker(`${parts}worker.js`)
    // It is given the port only when it is up: until then the port may still be needed here.
    worker.onmessage = () => worker.postMessage(0, [port])
    worker.onerror = () => hostHere(port, parts)
  } catch {
    // An opaque origin, or a policy.
    hostHere(port, parts)
  }
}

/** Does the port's jobs on this thread, in slices. */
export function hostHere(port: MessagePort, parts: string): void {
  import(`${parts}solver.js`).then(
    ({ serveHere }: SolverModule) => serveHere(port),
    () => port.postMessage(null),
  )
}
