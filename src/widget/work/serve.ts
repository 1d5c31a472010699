import type { Solver } from '../../pow/algorithm.ts'
import { digest } from '../../pow/sha256/digest.ts'
import type { Job, Reply } from './job.ts'

/** Does the jobs that come through the port, until one comes that is null. */
export function serve(port: MessagePort, solverFor: (algorithm: string) => Promise<Solver>): void {
  const ending = new AbortController()
  const reply = (message: Reply) => port.postMessage(message)

  port.onmessage = async ({ data }: MessageEvent<Job | null>) => {
    if (!data) return ending.abort()
    try {
      const work = { ...data, seed: digest(data.challenge) }
      const solver = await solverFor(data.algorithm)
      const proof = await solver.solve(work, reply, ending.signal)
      reply(base64url(proof))
    } catch {
      reply(null)
    }
  }
  // The page learns that somebody is here.
  reply(0)
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '')
}
