import assert from 'node:assert/strict'
import { describe, it, onTestFinished } from 'vitest'
import { startJobs } from './jobs.ts'

function stage() {
  const failed: string[] = []
  let at = 1_000
  const jobs = startJobs(
    () => at,
    (job) => failed.push(job),
  )
  onTestFinished(() => jobs.close())
  return {
    jobs,
    failed,
    pass: (ms: number) => {
      at += ms
    },
  }
}

describe('a job', () => {
  it('is run at the first tick, and not again before its time', async () => {
    const { jobs, pass } = stage()
    let runs = 0
    jobs.add({ name: 'count', everyMs: 60_000, run: async () => ++runs })
    await jobs.tick()
    pass(59_999)
    await jobs.tick()
    assert.equal(runs, 1)
    pass(1)
    await jobs.tick()
    assert.equal(runs, 2)
  })

  it('that fails is told of, keeps no other from running, and is run again', async () => {
    const { jobs, failed, pass } = stage()
    let runs = 0
    jobs.add({ name: 'broken', everyMs: 10, run: () => Promise.reject(new Error('no')) })
    jobs.add({ name: 'whole', everyMs: 10, run: async () => ++runs })
    await jobs.tick()
    pass(10)
    await jobs.tick()
    assert.deepEqual([failed, runs], [['broken', 'broken'], 2])
  })

  it('never runs beside itself, and is waited for at the end', async () => {
    const { jobs, pass } = stage()
    let running = 0
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    jobs.add({
      name: 'slow',
      everyMs: 10,
      run: async () => {
        running++
        await held
      },
    })
    const first = jobs.tick()
    pass(10)
    const second = jobs.tick()
    assert.equal(running, 1)
    const closed = jobs.close()
    release()
    await Promise.all([first, second, closed])
    await jobs.tick()
    assert.equal(running, 1)
  })
})
