import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { BadRequest } from '../core/bad-request.ts'
import { memoryLedger } from '../ledger/memory.ts'
import { makeTries } from './tries.ts'

const MINUTE_MS = 60_000

function open() {
  let nowMs = 1_700_000_000_000
  const ledger = memoryLedger(() => nowMs)
  const tries = makeTries(ledger, Buffer.alloc(32, 1))
  const passed = async (count: number, act: () => Promise<void>) => {
    let good = 0
    for (let i = 0; i < count; i++) {
      try {
        await act()
        good += 1
      } catch (error) {
        assert.equal((error as BadRequest).code, 'too-many-requests')
        assert.ok((error as BadRequest).retryAfterS! > 0)
      }
    }
    return good
  }
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { tries, passed, wait }
}

describe('tries', () => {
  it('at one password are bounded, from wherever they come [ASVS 6.3.1]', async () => {
    const { tries, passed, wait } = open()
    assert.equal(await passed(200, () => tries.at('password', 'ada', 'kept')), 20)
    assert.equal(await passed(5, () => tries.at('password', 'bob', 'kept')), 5)
    // A day of an attacker who never stops: 20 an hour, and no more.
    let more = 0
    for (let minute = 0; minute < 24 * 60; minute++) {
      wait(MINUTE_MS)
      more += await passed(20, () => tries.at('password', 'ada', 'kept'))
    }
    assert.ok(more > 400 && more < 500, String(more))
  })

  it('leave the owner a way in once the attacker pauses, or the password is another', async () => {
    const { tries, passed, wait } = open()
    await passed(10_000, () => tries.at('password', 'ada', 'kept'))
    assert.equal(await passed(1, () => tries.at('password', 'ada', 'kept')), 0)
    assert.equal(await passed(1, () => tries.at('password', 'ada', 'reset')), 1)
    wait(4 * MINUTE_MS)
    assert.equal(await passed(1, () => tries.at('password', 'ada', 'kept')), 1)
  })

  it('of one network are bounded, and follow it when its key is changed', async () => {
    const { tries, passed } = open()
    const from = (newest: string, former: string | null) => () =>
      tries.from({ network: { newest, former } }, 'logIn')
    assert.equal(await passed(100, from('one', null)), 60)
    assert.equal(await passed(100, from('two', 'one')), 0)
    assert.equal(await passed(10, from('other', null)), 10)
  })

  it('of a code are few enough that guessing is hopeless [ASVS 6.5.2]', async () => {
    const { tries, passed, wait } = open()
    let guesses = 0
    for (let hour = 0; hour < 24; hour++) {
      guesses += await passed(1_000, () => tries.at('code', 'acc_1'))
      wait(60 * MINUTE_MS)
    }
    // Three codes are good at a time.
    assert.ok((guesses * 3) / 1e6 < 1 / 1_000, String(guesses))
  })

  it('that come at once are not let through in a crowd', async () => {
    const { tries } = open()
    const all = await Promise.allSettled(
      Array.from({ length: 500 }, () => tries.at('password', 'ada', 'kept')),
    )
    assert.ok(all.filter(({ status }) => status === 'fulfilled').length <= 20)
  })
})
