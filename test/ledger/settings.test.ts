import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, it } from 'vitest'
import { claim } from '../../src/ledger/ledger.contract.ts'
import { type Ledger, LedgerUnavailable } from '../../src/ledger/ledger.ts'
import { redisLedger } from '../../src/ledger/redis.ts'
import { systemRandom } from '../../src/random.ts'
import { startCodeKeys } from '../../src/server/code-keys.ts'
import {
  ROOT_KEY,
  removeFolder,
  startProgram,
  temporaryFolder,
  testSeal,
} from '../support/program.ts'
import { startCluster, startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function redisWith(settings: Record<string, string> = {}) {
  const redis = await startRedis(settings)
  closing.push(() => redis.close())
  return redis
}

async function open(url: string, options: Parameters<typeof redisLedger>[1] = {}): Promise<Ledger> {
  const ledger = await redisLedger(url, { skewMs: 5, ...options })
  closing.push(() => ledger.close())
  return ledger
}

/** What a user may do who can do all that we need and nothing else, as `docs/scaling.md` has it. */
const ACL = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8')
  .match(/ACL SETUSER one-captcha on >PASSWORD (.*)/)![1]!
  .split(' ')

describe('what Redis must be set to', () => {
  it('one that makes room by forgetting is not used, and the log says why', async () => {
    for (const policy of ['allkeys-lru', 'volatile-ttl', 'volatile-lru', 'allkeys-random']) {
      const redis = await redisWith({ maxmemory: '100mb', 'maxmemory-policy': policy })
      const notices: string[] = []
      const opening = open(redis.url, { onWarning: (notice) => notices.push(notice) })
      await until(() => notices.length > 0, 'it is told')
      assert.match(notices[0]!, new RegExp(`maxmemory-policy is ${policy}, and must be noeviction`))
      redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      const ledger = await opening
      await until(
        async () => (await ledger.spend(claim('t1')).catch(() => '')) === 'spent',
        'it is used',
      )
    }
  })

  it('one that is full refuses, and forgets nothing', async () => {
    const redis = await redisWith({ maxmemory: '4mb', 'maxmemory-policy': 'noeviction' })
    const ledger = await open(redis.url)
    const said = { spent: [] as string[], failed: 0 }
    for (let i = 0; said.failed === 0; i++) {
      const ids = Array.from({ length: 1_000 }, (_, at) => `${i} ${at}`)
      await Promise.all(
        ids.map((id) =>
          ledger.spend(claim(id)).then(
            (spend) => spend === 'spent' && said.spent.push(id),
            (error) => {
              assert.ok(error instanceof LedgerUnavailable)
              said.failed++
            },
          ),
        ),
      )
    }
    redis.ask('CONFIG', 'SET', 'maxmemory', '0')
    const again = await Promise.all(said.spent.map((id) => ledger.spend(claim(id))))
    assert.deepEqual([...new Set(again)], ['again'])
  })

  it('a user who may do no more than the documentation says is enough, in a cluster too', async () => {
    const cluster = await startCluster()
    closing.push(() => cluster.close())
    const redis = await redisWith()
    for (const server of [redis, ...cluster.servers]) {
      server.ask('ACL', 'SETUSER', 'one-captcha', 'on', '>pass word@', ...ACL)
      server.ask('ACL', 'SETUSER', 'default', 'off')
    }
    const user = 'one-captcha:pass%20word%40@'
    for (const url of [redis.url, cluster.url]) {
      const ledger = await open(url.replace('://', `://${user}`))
      const heard: string[] = []
      ledger.listen((sitekey) => heard.push(sitekey))
      await ledger.announce('a', 1)
      assert.equal(await ledger.spend(claim('t1', 'a')), 'spent')
      assert.equal(await ledger.spend(claim('t1', 'a')), 'again')
      assert.ok((await ledger.count('k', 1_000)) > 0)
      await until(() => heard.length > 0, 'it is heard')
    }
  })

  it('a password is in no log and no error, right or wrong', async () => {
    const redis = await redisWith({ requirepass: 'rightpassword' })
    const notices: string[] = []
    const onWarning = (notice: string) => notices.push(notice)
    const wrong = await open(redis.url.replace('://', '://:wrongpassword@'), { onWarning })
    const error = await wrong.spend(claim('t1')).catch((thrown) => thrown)
    assert.ok(error instanceof LedgerUnavailable)
    const right = await open(redis.url.replace('://', '://:rightpassword@'), { onWarning })
    assert.equal(await right.spend(claim('t1')), 'spent')
    await redis.kill()
    await until(() => notices.length > 1, 'it is told')
    const data = temporaryFolder()
    closing.push(() => removeFolder(data))
    const program = await startProgram(data, {
      ONE_CAPTCHA_REDIS_URL: redis.url.replace('://', '://:wrongpassword@'),
      ONE_CAPTCHA_LOG_LEVEL: 'trace',
    })
    assert.equal((await fetch(`${program.url}/readyz`)).status, 503)
    await program.stop()
    const told = `${notices.join('\n')}\n${error.stack}\n${JSON.stringify(error)}\n${program.output()}`
    assert.match(told, /Redis/)
    assert.doesNotMatch(told, /wrongpassword|rightpassword/)
  })

  it('is spoken to by TLS where the address says so, and only if its certificate is good', async () => {
    const folder = temporaryFolder()
    closing.push(() => removeFolder(folder))
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name))
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${certificate}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    )
    const redis = await redisWith()
    for (const [name, value] of Object.entries({
      'tls-cert-file': certificate!,
      'tls-key-file': key!,
      'tls-auth-clients': 'no',
    })) {
      redis.ask('CONFIG', 'SET', name, value)
    }
    redis.ask(
      'CONFIG',
      'SET',
      'port',
      '0',
      'tls-port',
      `${redis.port}`,
      'tls-ca-cert-file',
      certificate!,
    )
    const settings = { ONE_CAPTCHA_REDIS_URL: redis.url.replace('redis:', 'rediss:') }
    for (const [trusting, status] of [
      [{ NODE_EXTRA_CA_CERTS: certificate! }, 200],
      [{}, 503],
    ] as const) {
      const program = await startProgram(join(folder, `${status}`), { ...settings, ...trusting })
      assert.equal((await fetch(`${program.url}/readyz`)).status, status)
      await program.stop()
    }
  })
})

describe('what is in Redis', () => {
  it('holds no random key of networks, neither in memory nor in any file, though all nodes have it', async () => {
    const redis = await redisWith({ appendonly: 'yes', appendfsync: 'always', save: '1 1' })
    const made: Uint8Array[] = []
    const random = {
      ...systemRandom(),
      bytes(length: number) {
        const bytes = systemRandom().bytes(length)
        made.push(bytes)
        return bytes
      },
    }
    const keys = await Promise.all(
      [0, 1, 2].map(async () => {
        const { peers } = await open(redis.url)
        const its = startCodeKeys(random, Date.now, { peers: peers!, seal: testSeal() })
        closing.push(its.close)
        await its.joined
        return its
      }),
    )
    const texts = () => keys.map((its) => its.current().newest.export().toString('hex'))
    await until(() => new Set(texts()).size === 1, 'they agree')
    const ledger = await open(redis.url)
    await ledger.spend(claim('t1'))
    await ledger.count('k', 600_000)
    redis.ask('SAVE')
    const stored = [
      ...readdirSync(redis.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
      Buffer.from(redis.ask('KEYS', '*')),
    ]
    assert.ok(stored.length >= 4)
    assert.ok(made.length >= 1)
    for (const bytes of [...made, ROOT_KEY].map((one) => Buffer.from(one))) {
      for (const form of [
        bytes,
        ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(bytes.toString(as))),
      ]) {
        for (const file of stored) assert.ok(!file.includes(form))
      }
    }
    // Nor anything of what was said: it is not kept at all.
    for (const file of stored) assert.ok(!file.includes('oc:whisper'))
  })

  it('all ends by itself: each key has a life, but for the notes of who holds what', async () => {
    const redis = await redisWith()
    const ledger = await open(redis.url)
    await ledger.announce('a', 1)
    await ledger.spend(claim('t1', 'a'))
    await ledger.count('k', 600_000)
    const keys = redis.ask('KEYS', '*').trim().split('\n')
    const kept = keys.filter((key) => !/^\{oc:..\}:era$/.test(key))
    assert.deepEqual(
      kept.map((key) => key.replace(/^\{oc:..\}:/, '').replace(/\d{3,}.*/, '…')).sort(),
      ['c:…', 'r:a', 's:t1'],
    )
    for (const key of kept) {
      const life = Number(redis.ask('PTTL', key))
      assert.ok(life > 0 && life <= 86_400_000, `${key}: ${life}`)
    }
    assert.equal(keys.length - kept.length, 256)
  })

  it('stays small, however many networks are counted', async () => {
    const redis = await redisWith()
    const ledger = await open(redis.url)
    const used = () => Number(/used_memory_dataset:(\d+)/.exec(redis.ask('INFO', 'memory'))![1])
    const before = used()
    for (let i = 0; i < 100; i++) {
      await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => ledger.count(`${i} ${at}`, 600_000)),
      )
    }
    assert.equal(redis.ask('KEYS', '*:c:*').trim().split('\n').length, 16)
    assert.ok(used() - before < 4_000_000, `${used() - before} bytes`)
  })
})
