import { hkdfSync } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Random } from './core/random.ts'
import { newSecret, newSitekey } from './keys.ts'
import type { Sites } from './store/store.ts'

/** The keys of the pretend site that shows what One Captcha does. */
export interface DemoSite {
  sitekey: string
  secret: string
}

/**
 * The demo site, made on first start. It is a site like any other; its backend runs in here, on every node, and so its keys
 * follow from the newest root key.
 */
export async function demoSite(
  config: Config,
  rootKey: Uint8Array,
  sites: Sites,
): Promise<DemoSite> {
  const hosts = ['127.0.0.1', 'localhost']
  if (config.publicUrl) hosts.push(new URL(config.publicUrl).hostname)
  await removeOld(config.data, sites)
  const keys = ownKeys(rootKey, 'demo site')
  await sites.keep({ ...keys, hosts, mode: 'puzzle', name: 'Demo' })
  return keys
}

/** The keys of a site of the service's own. They follow from a root key, so that all nodes have the same. */
export function ownKeys(rootKey: Uint8Array, name: string): DemoSite {
  const chance = fixedRandom(rootKey, name)
  return { sitekey: newSitekey(chance), secret: newSecret(chance) }
}

/** The same numbers for the same root key, and no way back to it. */
function fixedRandom(rootKey: Uint8Array, name: string): Random {
  const stream = Buffer.from(hkdfSync('sha256', rootKey, '', `one-captcha ${name}`, 1_024))
  let used = 0
  const bytes = (count: number) => {
    used += count
    if (used > stream.length) throw new RangeError('The demo site needs more than there is.')
    return stream.subarray(used - count, used)
  }
  // Out of so many, what is left over favours no number by as much as one in a million.
  return {
    bytes,
    integer: (from, to) => from + (Buffer.from(bytes(4)).readUInt32BE() % (to - from)),
  }
}

/** Older versions kept the keys of their demo site in a file. */
async function removeOld(data: string, sites: Sites): Promise<void> {
  const file = join(data, 'demo.json')
  if (!existsSync(file)) return
  const { sitekey } = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof sitekey === 'string') await sites.remove(sitekey)
  rmSync(file, { force: true })
}
