import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { certificateFor } from './certificate.ts'
import { pathOf } from './debian.ts'
import { openDoor } from './door.ts'
import { lockLedger } from './locked-ledger.ts'
import { environment } from './program.ts'
import { startService } from './service.ts'
import { HOST, quickToken } from './visitor.ts'

const PROGRAMS = fileURLToPath(new URL('../clients/backends/', import.meta.url))
const VENDORS = ['www.google.com', 'hcaptcha.com', 'challenges.cloudflare.com']

/** What a client is asked; its program knows what else is meant. */
export interface Call {
  secret: string
  token: string
  [more: string]: unknown
}

/** What it made of the answer: whether the visitor may pass, and what else it tells. */
export interface Told {
  passed: boolean
  [more: string]: unknown
}

interface Keys {
  sitekey: string
  secret: string
}

/**
 * A service with two sites, and the published clients that backends ask other CAPTCHAs with, as they are: their vendors'
 * names lead to this service, or its address is set where they let it be set, and nothing else is different.
 */
export interface BackendsStage {
  site: Keys
  other: Keys
  /** The vendors' names by which the service was called. */
  names: Set<string>
  token(facts?: { action?: string }, of?: Keys): Promise<string>
  /** Runs a client's program with some calls, and gives what it told of each. */
  ask(file: string, calls: Call[], elsewhere?: Record<string, string>): Promise<Told[]>
  /** Puts the service at fault, until what it gives is called. */
  lockLedger(): () => void
  close(): Promise<void>
}

export async function openBackendsStage(): Promise<BackendsStage> {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-backends-'))
  const certificate = certificateFor([...VENDORS, '127.0.0.1'], folder)
  const service = await startService()
  const door = await openDoor(service.url, certificate)
  const site = await service.addSite([HOST], 'checkbox')
  const other = await service.addSite([HOST], 'checkbox')

  const ways = {
    SERVICE: service.url,
    VENDORS_PORT: String(door.port),
    NODE_EXTRA_CA_CERTS: certificate.file,
  }
  function command(file: string): string[] {
    const program = PROGRAMS + file
    if (file.endsWith('.rb')) return [pathOf('ruby'), program]
    if (file.endsWith('.js')) return [process.execPath, '--import', `${PROGRAMS}led.js`, program]
    // Its warnings are of connections that failed, as they are meant to.
    const settings = ['error_reporting=1', `openssl.cafile=${certificate.file}`]
    return [pathOf('php'), ...settings.flatMap((one) => ['-d', one]), program]
  }

  return {
    site,
    other,
    names: door.names,
    token: (facts = {}, { sitekey } = site) =>
      quickToken({ service: service.url }, service.context.tools.seal, { sitekey, ...facts }),
    async ask(file, calls, elsewhere = {}) {
      const [program, ...options] = command(file)
      const child = spawn(program!, options, {
        env: environment({ ...ways, ...elsewhere }),
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      child.stdin.end(JSON.stringify(calls))
      return JSON.parse(await text(child.stdout))
    },
    lockLedger: () => lockLedger(service.data),
    async close() {
      await door.close()
      await service.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
