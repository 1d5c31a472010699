import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { Mailer, Message } from './mailer.ts'
import { startOutbox } from './outbox.ts'

const LETTER = { to: 'ada@example.org', subject: 'Hello', text: 'Hello.' }

/** A mailer whose letters wait until they are let go. */
function slowMailer() {
  const under: { message: Message; done: () => void; fail: () => void }[] = []
  let closed = false
  const mailer: Mailer = {
    able: true,
    send: (message) =>
      new Promise((resolve, reject) => {
        under.push({ message, done: resolve, fail: () => reject(new Error('Away.')) })
      }),
    close: async () => {
      closed = true
    },
  }
  return { mailer, under, isClosed: () => closed }
}

const turn = () => new Promise((next) => setImmediate(next))

describe('an outbox', () => {
  it('sends two letters at a time, and the others after them', async () => {
    const { mailer, under } = slowMailer()
    const outbox = startOutbox(mailer, assert.fail)
    for (let i = 0; i < 5; i++) outbox.post(LETTER)
    assert.equal(under.length, 2)
    under[0]!.done()
    await turn()
    assert.equal(under.length, 3)
    for (let i = 1; i < 5; i++) {
      under[i]!.done()
      await turn()
    }
    assert.equal(under.length, 5)
  })

  it('keeps a bounded number of letters, and says that it dropped some', async () => {
    const { mailer } = slowMailer()
    const errors: Error[] = []
    const outbox = startOutbox(mailer, (error) => errors.push(error))
    for (let i = 0; i < 210; i++) outbox.post(LETTER)
    assert.equal(errors.length, 8)
    assert.doesNotMatch(errors.join(), /ada/)
  })

  it('lets what is under way end when it is closed', async () => {
    const { mailer, under, isClosed } = slowMailer()
    const outbox = startOutbox(mailer, () => {})
    outbox.post(LETTER)
    const closing = outbox.close()
    await turn()
    assert.equal(isClosed(), false)
    under[0]!.done()
    await closing
    assert.equal(isClosed(), true)
  })

  it('tries no more once it is closed', async () => {
    const { mailer, under } = slowMailer()
    const errors: Error[] = []
    const outbox = startOutbox(mailer, (error) => errors.push(error))
    outbox.post(LETTER)
    const closing = outbox.close()
    under[0]!.fail()
    await closing
    assert.deepEqual(errors.map(String), ['Error: Away.'])
  })
})
