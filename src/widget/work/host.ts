import type { SolverModule, WorkUrls } from './job.ts'

/**
 * Gives the port to a worker of this origin; or, where there can be none, does the jobs on this thread.
 *
 * @returns what ends the worker
 */
export function host(port: MessagePort, urls: Pick<WorkUrls, 'worker' | 'solver'>): () => void {
  try {
    const worker = new Worker(urls.worker)
    // It is given the port only when it is up: until then the port may still be needed here.
    worker.onmessage = () => worker.postMessage(urls.solver, [port])
    worker.onerror = () => hostHere(port, urls)
    return () => worker.terminate()
  } catch {
    // An opaque origin, or a policy.
    return hostHere(port, urls)
  }
}

/** Does the port's jobs on this thread, in slices. */
export function hostHere(port: MessagePort, { solver }: Pick<WorkUrls, 'solver'>): () => void {
  import(solver).then(
    ({ serveHere }: SolverModule) => serveHere(port),
    () => port.postMessage(null),
  )
  return () => {}
}
