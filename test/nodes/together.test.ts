import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { verify } from '../support/backend.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { testSeal } from '../support/program.ts'
import { until } from '../support/until.ts'
import {
  ask,
  HOST,
  handIn,
  LIGHT_REPLIES,
  lightChallenge,
  quickToken,
  replies,
} from '../support/visitor.ts'

/** How many tokens are verified on all nodes at the same moment: `TOKENS=…`. */
const TOKENS = Number(process.env.TOKENS ?? 1_000)
/** How often a site is suspended: `REVOCATIONS=…`. */
const REVOCATIONS = Number(process.env.REVOCATIONS ?? 40)

const seal = testSeal()
let nodes: Nodes
let urls: string[]

beforeAll(async () => {
  nodes = await startNodes(3)
  urls = nodes.programs.map(({ url }) => url)
})
afterAll(() => nodes?.close())

describe('three nodes behind a balancer', () => {
  it('share a visit: a challenge of one, its work judged by another, its puzzle by the third', async () => {
    const { sitekey, secret } = await nodes.addSite([HOST], 'puzzle')
    const [a, b, c] = urls.map((service) => ({ service })) as [Page, Page, Page]
    const asked = await ask(a, { sitekey })
    assert.equal(asked.status, 200, JSON.stringify(asked.body))
    const solved = async (page: Page, challenge: (typeof asked)['body']) =>
      (
        await handIn(page, {
          challenge: challenge.challenge,
          replies: await replies(seal, challenge),
        })
      ).body
    let next = await solved(b, asked.body)
    assert.equal(next.reason, 'puzzle-wanted')
    next = await solved(c, next)
    assert.ok(next.token, JSON.stringify(next))
    const { finding } = await verify(a.service, { secret, response: next.token })
    assert.equal(finding.success, true)
    for (const { service } of [b, c]) {
      const again = await verify(service, { secret, response: next.token })
      assert.equal(again.finding.reason, 'token-spent')
    }
  })

  it('carry a visit through the balancer, wherever each request goes', async () => {
    const { sitekey, secret } = await nodes.addSite([HOST], 'checkbox')
    const page = { service: nodes.balancer.url }
    for (let visit = 0; visit < 6; visit++) {
      const asked = await ask(page, { sitekey })
      const solution = {
        challenge: asked.body.challenge,
        replies: await replies(seal, asked.body),
      }
      const { body } = await handIn(page, solution)
      const verified = await verify(page.service, { secret, response: body.token! })
      assert.equal(verified.finding.success, true)
      assert.equal((await handIn(page, solution)).status, 409)
    }
  })

  it(`accept a token once, verified on all at the same moment, ${TOKENS} times [2.3.4, 15.4.2]`, async () => {
    const { sitekey, secret } = await nodes.addSite([HOST], 'checkbox')
    for (let done = 0; done < TOKENS; done += 20) {
      await Promise.all(
        Array.from({ length: Math.min(20, TOKENS - done) }, async (_, i) => {
          const token = await quickToken({ service: urls[i % 3]! }, seal, { sitekey })
          const said = await Promise.all(
            urls.map((url) => verify(url, { secret, response: token })),
          )
          const reasons = said.map(({ finding }) => (finding.success ? 'good' : finding.reason))
          assert.deepEqual(reasons.sort(), ['good', 'token-spent', 'token-spent'])
        }),
      )
    }
  })

  it('accept a challenge once, handed in to all at the same moment', async () => {
    const { sitekey } = await nodes.addSite([HOST], 'checkbox')
    for (let i = 0; i < 50; i++) {
      const challenge = lightChallenge(seal, { sitekey })
      const said = await Promise.all(
        urls.map((service) => handIn({ service }, { challenge, replies: LIGHT_REPLIES })),
      )
      assert.deepEqual(said.map(({ status }) => status).sort(), [200, 409, 409])
    }
  })
})

interface Page {
  service: string
}

describe('what is revoked by one node', () => {
  it('is refused by all: a token minted before never passes once the change has been acknowledged [8.3.2]', async () => {
    const waits: number[] = []
    const { sitekey, secret } = await nodes.addSite([HOST], 'checkbox')
    for (let round = 0; round < REVOCATIONS; round++) {
      const tokens = await Promise.all(
        urls.map((service) => quickToken({ service }, seal, { sitekey })),
      )
      const challenges = urls.map(() => lightChallenge(seal, { sitekey }))
      await nodes.store.sites.setState(sitekey, 'suspended')
      const revokedAt = performance.now()
      const [verified, handed] = await Promise.all([
        Promise.all(urls.map((url, i) => verify(url, { secret, response: tokens[i]! }))),
        Promise.all(
          urls.map((service, i) =>
            handIn({ service }, { challenge: challenges[i], replies: LIGHT_REPLIES }),
          ),
        ),
      ])
      for (const { finding } of verified) assert.equal(finding.reason, 'site-suspended')
      for (const { status, body } of handed) {
        assert.equal(status, 403)
        assert.equal(body.error!.code, 'site-suspended')
      }
      // Challenges follow by a message.
      await until(
        async () =>
          (await Promise.all(urls.map((service) => ask({ service }, { sitekey })))).every(
            ({ status }) => status === 403,
          ),
        'no node gives out a challenge',
        5_000,
      )
      waits.push(performance.now() - revokedAt)
      await nodes.store.sites.setState(sitekey, 'active')
      // To be let in again has no such hurry: it follows by the same message.
      await until(
        async () =>
          (await verify(urls[round % 3]!, { secret, response: tokens[0]! })).finding.success,
        'the token is good again',
        6_000,
      )
    }
    waits.sort((a, b) => a - b)
    const at = (share: number) => waits[Math.floor(share * (waits.length - 1))]!.toFixed(0)
    console.log(
      `${waits.length} revocations: verified and handed in, refused at once; the last challenge after ${at(0.5)} ms (median), ${at(0.99)} ms (p99), with all that was asked meanwhile`,
    )
  })

  it('is refused by a node that slept through it, from the first call on', async () => {
    const [, sleeper] = nodes.programs
    const { sitekey, secret } = await nodes.addSite([HOST], 'checkbox')
    const token = await quickToken({ service: sleeper!.url }, seal, { sitekey })
    assert.equal((await ask({ service: sleeper!.url }, { sitekey })).status, 200)
    process.kill(sleeper!.pid, 'SIGSTOP')
    await nodes.store.sites.setState(sitekey, 'suspended')
    const early = verify(sleeper!.url, { secret, response: token })
    const challenge = lightChallenge(seal, { sitekey })
    const work = handIn({ service: sleeper!.url }, { challenge, replies: LIGHT_REPLIES })
    process.kill(sleeper!.pid, 'SIGCONT')
    assert.equal((await early).finding.reason, 'site-suspended')
    assert.equal((await work).status, 403)
  })

  it('holds for a secret that was rotated without overlap, and for a site that was removed', async () => {
    const { sitekey, secret } = await nodes.addSite([HOST], 'checkbox')
    const tokens = await Promise.all(
      urls.map((service) => quickToken({ service }, seal, { sitekey })),
    )
    const rotated = (await nodes.store.sites.rotate(sitekey, 0))!
    for (const [i, url] of urls.entries()) {
      const old = await verify(url, { secret, response: tokens[i]! })
      assert.equal(old.finding.reason, 'secret-unknown')
    }
    const fresh = await verify(urls[0]!, { secret: rotated.secret, response: tokens[0]! })
    assert.equal(fresh.finding.success, true)
    await nodes.store.sites.remove(sitekey)
    for (const url of urls.slice(1)) {
      const gone = await verify(url, { secret: rotated.secret, response: tokens[1]! })
      assert.equal(gone.finding.reason, 'secret-unknown')
    }
  })
})
