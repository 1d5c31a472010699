import assert from 'node:assert/strict'
import { describe, it, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/opening.ts'
import type { Store } from '../../src/store/store.ts'
import { type Letter, type Mailbox, openMailbox } from '../support/mailbox.ts'
import { startNodes } from '../support/nodes.ts'
import {
  type Program,
  ROOT_KEY,
  removeFolder,
  startProgram,
  temporaryFolder,
} from '../support/program.ts'
import { until } from '../support/until.ts'

/** How many accounts are told: `ACCOUNTS=…`. */
const ACCOUNTS = Number(process.env.ACCOUNTS ?? 1_000)
const FEWER = Math.ceil(ACCOUNTS / 4)
/** How many letters a service can have under way, and so leave in doubt when it is killed. */
const AT_ONCE = 4
const LEASE_MS = 30_000

function mailSettings({ url }: Mailbox) {
  return {
    ONE_CAPTCHA_SMTP_URL: url,
    ONE_CAPTCHA_MAIL_FROM: 'captcha@example.org',
    ONE_CAPTCHA_PUBLIC_URL: 'https://captcha.example.org',
    ONE_CAPTCHA_LOG_LEVEL: 'error',
  }
}

/** Accounts with addresses, several made at a time. Ids, as they are asked for in order. */
async function addAccounts({ accounts }: Store, count: number): Promise<string[]> {
  const ids: string[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = next++; i < count; i = next++) {
        const { id } = await accounts.add({ login: `user-${i}`, role: 'developer', password: null })
        await accounts.setEmail(id, `user-${i}@example.org`)
        ids.push(id)
      }
    }),
  )
  return ids
}

/** An operator announces a version of the Terms. */
async function announce({ terms }: Store): Promise<void> {
  const text = '# Terms of Use\n\n## 1. Scope\n\n1.1 They hold for all.\n'
  await terms.write(
    { summary: 'Clearer words.', acceptance: 'use', texts: [{ lang: 'en', text }] },
    'cli',
  )
  await terms.announce({ effectiveAt: null, noticeMs: 14 * 86_400_000 }, 'cli')
}

/** Every account has one letter, and one alone; whoever was killed left no more in doubt than it had under way. */
function assertOnce(mailbox: Mailbox, count: number, inDoubtMax: number) {
  const kept = new Map<string, Set<string>>()
  for (const { to, messageId } of mailbox.letters) {
    assert.equal(to.length, 1)
    kept.set(to[0]!, (kept.get(to[0]!) ?? new Set()).add(messageId))
  }
  assert.equal(kept.size, count, 'every account has a letter')
  assert.ok(
    [...kept.values()].every((ids) => ids.size === 1),
    'every account has one Message-ID',
  )
  assert.equal(mailbox.letters.length, count, 'a server that knows duplicates kept one each')
  const sent = [...mailbox.transmissions.values()].reduce((sum, times) => sum + times, 0)
  assert.ok(sent - count <= inDoubtMax, `${sent} transmissions for ${count} letters`)
  return sent
}

/**
 * By how many places letters came too early or too late: 95 of 100 by no more than this. Not all: what a killed node held comes
 * when its time is over.
 */
async function disorderOf(store: Store, mailbox: Mailbox): Promise<number> {
  const [notice] = await store.deliveries.notices(1)
  const place = new Map<string, number>()
  for await (const { recipient } of store.deliveries.report(notice!.id)) {
    const { email } = (await store.accounts.byId(recipient))!
    place.set(email!, place.size)
  }
  const came = [...mailbox.transmissions.keys()].map((name) => name.split(' ')[0]!)
  const off = came.map((to, i) => Math.abs(i - place.get(to)!)).sort((a, b) => a - b)
  return off[Math.floor(0.95 * off.length)]!
}

async function settled(store: Store, count: number): Promise<void> {
  const isDone = async () => {
    const [notice] = await store.deliveries.notices(1)
    return notice!.counts.mail.sent === count
  }
  await until(isDone, `${count} letters are written down as sent`, LEASE_MS + 40_000)
}

describe('a version of the Terms is announced', () => {
  it(`to ${ACCOUNTS} accounts by two nodes that are killed three times meanwhile: each has one letter [Terms 1.2]`, {
    timeout: 180_000,
  }, async () => {
    const mailbox = await openMailbox({ once: true })
    const nodes = await startNodes(2, mailSettings(mailbox))
    onTestFinished(async () => {
      await nodes.close()
      await mailbox.close()
    })
    await addAccounts(nodes.store, ACCOUNTS)
    const begun = performance.now()
    await announce(nodes.store)
    let killed = 0
    for (const share of [0.15, 0.4, 0.65]) {
      await until(() => mailbox.letters.length >= ACCOUNTS * share, 'letters go out', 60_000)
      const [victim] = nodes.programs.splice(0, 1)
      await victim!.kill()
      killed++
      await nodes.start()
    }
    await settled(nodes.store, ACCOUNTS)
    const tookS = (performance.now() - begun) / 1_000
    const sent = assertOnce(mailbox, ACCOUNTS, killed * AT_ONCE)
    const disorder = await disorderOf(nodes.store, mailbox)
    assert.ok(disorder <= 10 * AT_ONCE, `${disorder} places off`)
    console.log(
      `two nodes, killed ${killed} times: ${ACCOUNTS} accounts, ${mailbox.letters.length} letters, ${sent} transmissions (${sent - ACCOUNTS} in doubt when a node was killed), in ${tookS.toFixed(1)} s; sent in the order of recipients, 95 of 100 at most ${disorder} places off`,
    )
  })

  it(`to ${FEWER} accounts by a service with SQLite that is killed three times meanwhile: each has one letter`, {
    timeout: 120_000,
  }, async () => {
    const mailbox = await openMailbox({ once: true })
    const lone = await startLone(mailbox)
    await addAccounts(lone.store, FEWER)
    const begun = performance.now()
    await announce(lone.store)
    for (const share of [0.2, 0.45, 0.7]) {
      await until(() => mailbox.letters.length >= FEWER * share, 'letters go out', 60_000)
      await lone.restart()
    }
    await settled(lone.store, FEWER)
    const tookS = (performance.now() - begun) / 1_000
    const sent = assertOnce(mailbox, FEWER, 3 * AT_ONCE)
    console.log(
      `one service, killed 3 times: ${FEWER} letters, ${sent} transmissions, in ${tookS.toFixed(1)} s`,
    )
  })

  it('to somebody whose letter was taken by the mail server, but not written down: it comes again as the same letter', async () => {
    let lone: Lone | undefined
    const seen: Letter[] = []
    const mailbox = await openMailbox({
      once: true,
      async onLetter(letter) {
        seen.push(letter)
        // It is kept; who sent it never hears so.
        if (seen.length === 1) await lone!.program().kill()
      },
    })
    lone = await startLone(mailbox)
    await addAccounts(lone.store, 1)
    await announce(lone.store)
    await until(() => seen.length === 1, 'the letter is kept')
    await lone.restart()
    const restartedAt = performance.now()
    await settled(lone.store, 1)
    // What it held when it was killed, it does not wait for: nobody else can have it.
    assert.ok(performance.now() - restartedAt < LEASE_MS - 10_000)
    assert.equal(seen.length, 2)
    assert.equal(seen[0]!.messageId, seen[1]!.messageId)
    assert.match(seen[0]!.messageId, /^<[0-9a-f]{40}@captcha\.example\.org>$/)
    assert.equal(mailbox.letters.length, 1)
  })
})

interface Lone {
  store: Store
  program(): Program
  /** Kills it, and starts it again. */
  restart(): Promise<void>
}

/** One service with SQLite, and its store as the command line opens it. */
async function startLone(mailbox: Mailbox): Promise<Lone> {
  const data = temporaryFolder()
  const settings = mailSettings(mailbox)
  let program = await startProgram(data, settings)
  const opened = await openStore(
    readConfig({
      ...settings,
      ONE_CAPTCHA_DATA: data,
      ONE_CAPTCHA_ROOT_KEYS: ROOT_KEY.toString('base64url'),
    }),
  )
  onTestFinished(async () => {
    await program.kill()
    await opened.close()
    await mailbox.close()
    removeFolder(data)
  })
  return {
    store: opened.store,
    program: () => program,
    async restart() {
      await program.kill()
      program = await startProgram(data, settings)
    },
  }
}
