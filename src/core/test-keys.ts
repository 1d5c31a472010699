import { DEFAULT_POLICY, type Policy } from './policy.ts'
import type { Site, TestBehaviour } from './site.ts'

/**
 * The public test keys, so that the tests of a site need no human: ours, and those that other services publish,
 * so that a site which moves here keeps its tests. They work for every host name, and an operator can switch them off.
 */
const SITEKEYS: Record<string, TestBehaviour> = {
  'oc-test-pass': 'pass',
  '10000000-ffff-ffff-ffff-000000000001': 'pass',
  '1x00000000000000000000AA': 'pass',
  '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI': 'pass',
  'oc-test-block': 'block',
  '2x00000000000000000000AB': 'block',
  'oc-test-interactive': 'interactive',
  '3x00000000000000000000FF': 'interactive',
}

const SECRETS: Record<string, TestBehaviour> = {
  'oc-test-secret-pass': 'pass',
  '0x0000000000000000000000000000000000000000': 'pass',
  '1x0000000000000000000000000000000AA': 'pass',
  '6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe': 'pass',
  'oc-test-secret-block': 'block',
  '2x0000000000000000000000000000000AA': 'block',
  'oc-test-secret-spent': 'spent',
  '3x0000000000000000000000000000000AA': 'spent',
}

/** Next to no work, whatever the pressure; what is missed still makes the next try dearer. Without JavaScript they are not counted. */
const POLICY: Policy = { ...DEFAULT_POLICY, effortFloor: 1, noscriptPerHour: 1 }

/** They change with the program alone. */
const STANDING = { state: 'active', revision: 1 } as const

/** The test site with this sitekey, if it is one. */
export function testSite(sitekey: string): Site | null {
  return siteFor(sitekey, SITEKEYS)
}

/** The test site whose secret this is, if it is one. */
export function testSiteBySecret(secret: string): Site | null {
  return siteFor(secret, SECRETS)
}

/** True for a public test sitekey: its tokens are good for test secrets alone. */
export function isTestKey(sitekey: string): boolean {
  return Object.hasOwn(SITEKEYS, sitekey)
}

function siteFor(key: string, behaviours: Record<string, TestBehaviour>): Site | null {
  const test = Object.hasOwn(behaviours, key) ? behaviours[key] : undefined
  if (!test) return null
  return { sitekey: key, hosts: [], mode: 'checkbox', name: '', ...STANDING, ...POLICY, test }
}
