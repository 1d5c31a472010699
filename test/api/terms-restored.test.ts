import assert from 'node:assert/strict'
import { afterAll, it } from 'vitest'
import { makeGate } from '../../src/manage/gate.ts'
import type { Store, TermsRows } from '../../src/store/store.ts'
import { makeTerms } from '../../src/terms/make-terms.ts'
import { sqlitePlaces } from '../support/stores.ts'

const places = sqlitePlaces()
afterAll(() => places.close())

it('shows and has accepted what the database says, also where an older copy of it was put in its place meanwhile', async () => {
  let nowMs = Date.now()
  const open = async () => (await places.fresh()).open({ now: () => nowMs })
  const announce = async ({ terms }: Store, text: string) => {
    const texts = [{ lang: 'en', text }]
    await terms.write({ summary: 'Clearer.', acceptance: 'use', texts }, 'cli')
    await terms.announce({ effectiveAt: null, noticeMs: 0 }, 'cli')
  }
  let store = await open()
  await announce(store, '# As it was\n')
  const rows = new Proxy({} as TermsRows, {
    get: (_, name) => store.terms[name as keyof TermsRows],
  })
  const founding = [{ lang: 'en', text: 'Founding.', hash: 'h' }]
  const terms = await makeTerms({
    ...{ rows, gate: makeGate(store), now: () => nowMs, founding, noticeDays: 14 },
  })
  assert.equal((await terms.current()).texts[0]!.text, '# As it was\n')
  const before = await store.accounts.add({ login: 'ada', role: 'developer', password: null })
  await terms.use(before.id)

  nowMs += 60_000
  store = await open()
  await announce(store, '# Announced anew\n')
  const { id } = await store.accounts.add({ login: 'ada', role: 'developer', password: null })
  const { texts } = await terms.current()
  assert.equal(texts[0]!.text, '# Announced anew\n')
  await terms.use(id)
  assert.equal((await store.terms.acceptances(id))[0]!.hash, texts[0]!.hash)
})
