import { installMissing, pathOf } from './debian.ts'

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

/** Where Chromium is; installed where it was missing. */
export function chromiumPath(): string {
  installMissing(['chromium'])
  return pathOf('chromium')
}
