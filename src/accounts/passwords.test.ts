import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { BadRequest } from '../core/bad-request.ts'
import { AT_ONCE, makePasswords } from './passwords.ts'

const LIGHT = { memoryCost: 1_024, timeCost: 1, parallelism: 1 }

describe('passwords', () => {
  it('are kept as Argon2id with no less than OWASP asks for [ASVS 11.4.2]', async () => {
    const kept = await makePasswords().hash('purple monkey dishwasher', 'a')
    const [, memory, time] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(kept)!
    assert.ok(Number(memory) >= 19_456 && Number(time) >= 2)
  })

  it('are right or wrong, and the same however an accent is written', async () => {
    const passwords = makePasswords(LIGHT)
    const kept = await passwords.hash('cafe\u0301 au lait', 'a')
    assert.equal(await passwords.verify(kept, 'caf\u00e9 au lait', 'a'), true)
    assert.equal(await passwords.verify(kept, 'cafe au lait', 'a'), false)
    assert.equal(await passwords.verify(kept, 'Caf\u00e9 au lait', 'a'), false)
    assert.equal(await passwords.verify(null, 'caf\u00e9 au lait', 'a'), false)
  })

  it('are hashed anew where the cost has grown', async () => {
    const kept = await makePasswords(LIGHT).hash('purple monkey dishwasher', 'a')
    assert.equal(makePasswords(LIGHT).isOld(kept), false)
    assert.equal(makePasswords().isOld(kept), true)
  })

  it('wait in a line that is short, and of which nobody has more than a few places', async () => {
    const passwords = makePasswords()
    const flood = Array.from({ length: 100 }, () => passwords.verify(null, 'x', 'attacker'))
    const others = Array.from({ length: 10 }, (_, i) => passwords.verify(null, 'x', `person ${i}`))
    const refused = (await Promise.allSettled(flood)).flatMap((one) =>
      one.status === 'rejected' ? one.reason : [],
    )
    // Those that are checked, and four in line.
    assert.equal(refused.length, 100 - AT_ONCE - 4)
    assert.ok(refused.every((one) => one instanceof BadRequest && one.code === 'too-many-requests'))
    assert.deepEqual(await Promise.all(others), Array(10).fill(false))
  })

  it('leave the main thread free, and take a bounded memory, while they are checked', async () => {
    const passwords = makePasswords()
    await passwords.verify(null, 'x', 'warm')
    let longestMs = 0
    let last = performance.now()
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last)
      last = performance.now()
    }, 1)
    const before = process.memoryUsage.rss()
    const all = Array.from({ length: 50 }, (_, i) => passwords.verify(null, 'x', `person ${i}`))
    await Promise.all(all)
    clearInterval(watch)
    // One takes about 30 ms: were it on this thread, every gap would be as long. A busy machine has gaps of its own.
    assert.ok(longestMs < 1_000, `${longestMs} ms`)
    assert.ok(process.memoryUsage.rss() - before < 200 * 2 ** 20)
  })
})
