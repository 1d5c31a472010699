import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { FRAMEWORKS, SDK, succeed } from './home.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The package as it would be published. */
    tarball: string
  }
}

let folder: string

/** Before the first test of the SDK: the frameworks are installed, and the package is made once for all. */
export function setup({ provide }: TestProject) {
  installFrameworks()
  folder = mkdtempSync(join(tmpdir(), 'one-captcha-package-'))
  succeed('npm', ['pack', '--silent', '--pack-destination', folder], SDK)
  provide('tarball', join(folder, readdirSync(folder)[0]!))
}

export function teardown() {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * They are a project of their own, so that who runs the service need not have them. What is there stays, unless the
 * lockfile is another one than it was installed by.
 */
function installFrameworks() {
  const stamp = join(FRAMEWORKS, 'node_modules/.installed')
  const lock = createHash('sha256')
    .update(readFileSync(join(FRAMEWORKS, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (textOf(stamp) === lock) return
  console.log('Installing the frameworks that the SDK is tested with: about 1 GB, once.')
  succeed('npm', ['ci'], FRAMEWORKS)
  // Last: an install that was cut short has no stamp.
  writeFileSync(stamp, lock)
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
