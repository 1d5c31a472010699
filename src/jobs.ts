/** Something that is done again and again while the service runs. */
export interface Job {
  name: string
  /** From one start to the next, in milliseconds. */
  everyMs: number
  /** Several nodes may run it at the same time: it must not matter. */
  run(): Promise<unknown>
}

/** What is done by the clock. */
export interface Jobs {
  /** It is first run at the next tick. */
  add(job: Job): void
  /** Runs all that are due and not running, and waits for them. The service ticks by itself; a test that moves the clock calls. */
  tick(): Promise<void>
  /** Starts no more, and waits for those that run. */
  close(): Promise<void>
}

const TICK_MS = 1_000

/** @param onError hears which job failed, and why; it is run again at its next time */
export function startJobs(now: () => number, onError: (job: string, error: Error) => void): Jobs {
  const jobs: { job: Job; dueAt: number; running: Promise<void> | null }[] = []
  let open = true
  const timer = setInterval(() => void tick(), TICK_MS).unref()

  async function tick(): Promise<void> {
    if (!open) return
    const at = now()
    for (const entry of jobs) {
      if (entry.running || at < entry.dueAt) continue
      entry.dueAt = at + entry.job.everyMs
      entry.running = entry.job
        .run()
        .then(
          () => undefined,
          (error) => onError(entry.job.name, error),
        )
        .finally(() => {
          entry.running = null
        })
    }
    await Promise.all(jobs.map(({ running }) => running))
  }

  return {
    add(job) {
      jobs.push({ job, dueAt: now(), running: null })
    },
    tick,
    async close() {
      open = false
      clearInterval(timer)
      await Promise.all(jobs.map(({ running }) => running))
    },
  }
}
