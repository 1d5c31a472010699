import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** What Chromium needs to run in a container, and not to call home while it does. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where Chromium is, or null. `CHROMIUM` names another place. */
export function chromiumPath(): string | null {
  return [process.env.CHROMIUM ?? '', ...PLACES].find((place) => place && existsSync(place)) ?? null
}

/** Installs from Debian what the tests need and is missing; as someone else than root, says what to install. */
export function installMissing(): void {
  if (chromiumPath()) return
  const packages = ['chromium', 'fonts-noto-cjk', 'fonts-dejavu-core']
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const able = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!able)
    throw new Error(
      `The tests need Chromium. As root: apt-get update && ${install}\nOr set CHROMIUM to the path of one.`,
    )
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', install.split(' ').slice(1).concat('-qq'), options)
}
