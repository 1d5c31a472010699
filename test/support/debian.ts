import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** A program that the tests run, and where Debian has it. */
interface Tool {
  /** Where it may be; the first that is there is taken. */
  places: string[]
  packages: string[]
}

const TOOLS = {
  chromium: {
    places: [
      process.env.CHROMIUM ?? '',
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ],
    packages: ['chromium', 'fonts-noto-cjk', 'fonts-dejavu-core', 'fonts-lohit-deva'],
  },
  redis: {
    places: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'],
    packages: ['redis-server'],
  },
  haproxy: {
    places: ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'],
    packages: ['haproxy'],
  },
  php: { places: ['/usr/bin/php', '/usr/local/bin/php'], packages: ['php-cli', 'php-curl'] },
  /** What the documents' examples call. */
  curl: { places: ['/usr/bin/curl'], packages: ['curl'] },
  jq: { places: ['/usr/bin/jq'], packages: ['jq'] },
  openssl: { places: ['/usr/bin/openssl'], packages: ['openssl'] },
  python: { places: ['/usr/bin/python3', '/usr/local/bin/python3'], packages: ['python3'] },
  ruby: { places: ['/usr/bin/ruby', '/usr/local/bin/ruby'], packages: ['ruby'] },
  // Of the compilers for Go, the one that takes half the room.
  go: { places: ['/usr/local/go/bin/go', '/usr/bin/go'], packages: ['gccgo-go'] },
  java: { places: ['/usr/bin/javac', '/usr/local/bin/javac'], packages: ['default-jdk-headless'] },
  mono: {
    places: ['/usr/bin/mcs', '/usr/local/bin/mcs'],
    packages: [
      'mono-mcs',
      'mono-runtime',
      'libmono-system-net-http4.0-cil',
      'libmono-system-runtime-serialization4.0-cil',
    ],
  },
  // Clients of other CAPTCHAs.
  googleRecaptcha: {
    places: ['/usr/share/php/ReCaptcha/ReCaptcha.php'],
    packages: ['php-google-recaptcha', 'php-curl'],
  },
  rubyRecaptcha: {
    places: ['/usr/lib/ruby/vendor_ruby/recaptcha/version.rb'],
    packages: ['ruby-recaptcha'],
  },
} satisfies Record<string, Tool>

/** Where a program is, or null. `CHROMIUM` names another place for that one. */
export function pathOf(tool: keyof typeof TOOLS): string | null {
  return TOOLS[tool].places.find((place) => place && existsSync(place)) ?? null
}

/** Installs from Debian what the tests need and is missing; as someone else than root, says what to install. */
export function installMissing(): void {
  const missing = (Object.keys(TOOLS) as (keyof typeof TOOLS)[]).filter((tool) => !pathOf(tool))
  if (missing.length === 0) return
  const packages = missing.flatMap((tool) => TOOLS[tool].packages)
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages]
  const able = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!able) {
    throw new Error(
      `The tests need ${missing.join(', ')}. As root: apt-get update && apt-get ${install.join(' ')}`,
    )
  }
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', install, options)
}
