import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Sites } from './store/store.ts'

/** The keys of the pretend site that shows what One Captcha does. */
export interface DemoSite {
  sitekey: string
  secret: string
}

/**
 * The demo site, made on first start. It is a site like any other; its secret is kept in a file of the data folder that
 * only the owner can read, because its backend runs in here.
 */
export async function demoSite(config: Config, sites: Sites): Promise<DemoSite> {
  const hosts = ['127.0.0.1', 'localhost']
  if (config.publicUrl) hosts.push(new URL(config.publicUrl).hostname)

  const file = join(config.data, 'demo.json')
  const kept = read(file)
  if (kept && (await sites.set(kept.sitekey, { hosts }))) return kept
  const made = await sites.add({ hosts, mode: 'puzzle' })
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600 })
  return made
}

function read(file: string): DemoSite | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
