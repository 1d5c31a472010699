import assert from 'node:assert/strict'
import { it } from 'vitest'
import { steadyClock } from './clock.ts'
import { writeToken } from './core/token.ts'
import { systemRandom } from './random.ts'
import { makeSeal } from './seal.ts'

it('the clock goes on as it did when the system’s is put forward or back by an hour [ASVS 16.2.2]', () => {
  let wall = 1_800_000_000_000
  let steady = 5_000.7
  const now = steadyClock(
    () => wall,
    () => steady,
  )
  assert.equal(now(), 1_800_000_000_000)
  for (const stepMs of [3_600_000, -7_200_000, 3_600_000]) {
    wall += stepMs
    const before = now()
    steady += 1_000
    assert.equal(now(), before + 1_000)
  }
})

it('what was sealed is neither ended early nor good again when the system’s clock is changed', () => {
  let wall = 1_800_000_000_000
  let steady = 0
  const now = steadyClock(
    () => wall,
    () => steady,
  )
  const seal = makeSeal([Buffer.alloc(32, 1)], systemRandom(), now)
  const expiresAt = now() + 120_000
  const facts = { id: 'a', sitekey: 'ock_a', host: 'a.test', action: '', cdata: '' }
  const token = seal.close('token', writeToken({ ...facts, passedAt: now(), expiresAt }))
  wall += 30 * 86_400_000
  assert.ok(seal.open('token', token), 'put forward by a month')
  assert.ok(expiresAt > now())
  steady += 120_000
  wall -= 60 * 86_400_000
  assert.ok(expiresAt <= now(), 'put back by two months: it has ended all the same')
})
