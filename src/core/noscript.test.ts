import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { systemRandom } from '../random.ts'
import {
  endOf,
  type Gap,
  isIn,
  ROUNDS,
  readReturn,
  readStep,
  SHOWN,
  type Step,
  waitUnder,
  writeStep,
} from './noscript.ts'
import { DEFAULT_POLICY } from './policy.ts'
import type { Site } from './site.ts'
import { testSite } from './test-keys.ts'

const GAP: Gap = { x: 100, y: 60, width: 48, height: 50 }
const STEP: Step = {
  ...{ id: 'id', sitekey: 'ock_a', host: 'a.test', action: 'signup', cdata: 'x', returnTo: '' },
  ...{ language: 'en', theme: 'auto', startedAt: 1, issuedAt: 2, expiresAt: 3, way: 'picture' },
  ...{ hits: 1, gap: GAP, readyAt: 0 },
}
const SITE: Site = {
  ...{ sitekey: 'ock_a', hosts: ['a.test', '*.b.test'], mode: 'checkbox', name: '' },
  ...{ state: 'active', revision: 1, ...DEFAULT_POLICY },
}

/** Where one presses to mean a place of the picture. */
const shown = (x: number, y: number) => ({ x: Math.round(x * SHOWN), y: Math.round(y * SHOWN) })

describe('a press', () => {
  it('is in the gap anywhere on it, and a little beside', () => {
    for (const [x, y] of [
      [124, 85],
      [101, 61],
      [147, 109],
      [99, 85],
      [148, 85],
      [124, 53],
      [124, 117],
    ]) {
      assert.equal(isIn(GAP, shown(x!, y!)), true, `${x}, ${y}`)
    }
  })

  it('is not where another gap could be, nor at the corner that the keyboard presses', () => {
    for (const [x, y] of [
      [96, 85],
      [152, 85],
      [124, 50],
      [124, 121],
      [0, 0],
      [300, 85],
    ]) {
      assert.equal(isIn(GAP, shown(x!, y!)), false, `${x}, ${y}`)
    }
  })

  it('never is in two gaps, however near to each other they were painted', () => {
    const next = { ...GAP, x: GAP.x + GAP.width + 4 }
    for (let x = 0; x <= 288; x++) {
      assert.ok(!(isIn(GAP, { x, y: 76 }) && isIn(next, { x, y: 76 })), String(x))
    }
  })

  it('passes at random no more often than the docs say, for those who see the gaps and those who do not', () => {
    const random = systemRandom()
    const tries = 200_000
    let [blind, seeing] = [0, 0]
    for (let i = 0; i < tries; i++) {
      const all = [...Array(ROUNDS)]
      if (all.every(() => isIn(GAP, { x: random.integer(0, 288), y: random.integer(0, 162) })))
        blind++
      const gaps = [60, 120, 180, 240]
      if (all.every(() => isIn({ ...GAP, x: 120 }, shown(gaps[random.integer(0, 4)]! + 24, 85))))
        seeing++
    }
    assert.ok(blind / tries < 0.001, `blind: ${blind / tries}`)
    assert.ok(Math.abs(seeing / tries - 1 / 64) < 0.002, `seeing: ${seeing / tries}`)
  })
})

describe('a step', () => {
  it('is read as it was written', () => {
    for (const step of [STEP, { ...STEP, gap: null }, { ...STEP, way: '' as const }]) {
      assert.deepEqual(readStep(writeStep(step)), step)
    }
  })

  it('is as long wherever the gap is, and however far somebody came: its sealed length tells nothing', () => {
    const lengths = new Set<number>()
    for (const x of [4, 99, 270]) {
      for (const hits of [0, 1, 2]) {
        lengths.add(writeStep({ ...STEP, hits, gap: { ...GAP, x, y: x } }).length)
      }
    }
    assert.equal(lengths.size, 1)
  })

  it('ends ten minutes after it can be used; its beginning lasts as long as people leave pages open', () => {
    assert.equal(endOf({ way: 'picture', readyAt: 0 }, 1_000), 601_000)
    assert.equal(endOf({ way: 'wait', readyAt: 60_000 }, 1_000), 660_000)
    assert.equal(endOf({ way: '', readyAt: 0 }, 0), 4 * 3_600_000)
  })
})

describe('a wait', () => {
  it('is a minute on a calm day, and grows with the pressure of the network or the site, to ten at most', () => {
    assert.equal(waitUnder({ network: 0, site: 0 }), 60_000)
    assert.equal(waitUnder({ network: 3, site: 1 }), 180_000)
    assert.equal(waitUnder({ network: 0.5, site: 2 }), 120_000)
    assert.equal(waitUnder({ network: 60, site: 60 }), 600_000)
  })
})

describe('where the token goes', () => {
  it.each([
    'https://a.test/signup?draft=1',
    'http://a.test:8080/',
    'https://x.b.test/',
    'https://A.test/x#part',
  ])('may be %s', (input) => {
    const url = readReturn(SITE, input)
    assert.ok(url)
    assert.equal(url.hash, '')
  })

  it.each([
    'https://evil.test/',
    'https://a.test.evil.test/',
    'https://evil.test/https://a.test/',
    'https://a.test@evil.test/',
    'https://evil.test\\@a.test/',
    'https://user:pass@a.test/',
    'https://user@a.test/',
    '//a.test/',
    '/signup',
    'javascript:alert(1)//a.test',
    'data:text/html,a.test',
    'ftp://a.test/',
    'file://a.test/',
    'blob:https://a.test/x',
    'https://b.test/',
    'https://a.test./',
    '',
  ])('must not be %s', (input) => {
    assert.equal(readReturn(SITE, input), null)
  })

  it('is on this machine alone for test keys, which are everybody’s', () => {
    const site = testSite('oc-test-pass')!
    for (const input of ['http://localhost:3000/', 'http://shop.localhost/', 'http://127.0.0.1/']) {
      assert.ok(readReturn(site, input), input)
    }
    for (const input of ['https://a.test/', 'http://localhost.evil.test/', 'http://127.0.0.12/']) {
      assert.equal(readReturn(site, input), null, input)
    }
  })
})
