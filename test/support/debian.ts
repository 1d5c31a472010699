import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

/** A program that the tests run, and where Debian has it. */
interface Tool {
  /** Where it may be; the first that is there is taken. */
  places: string[]
  packages: string[]
  /** What it needs beside it: packages, each with a file of it, since a program may be there without them. */
  beside?: Record<string, string>
}

const TOOLS = {
  chromium: {
    places: [
      process.env.CHROMIUM ?? '',
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ],
    packages: ['chromium'],
    beside: {
      'fonts-noto-cjk': '/usr/share/fonts/**/NotoSansCJK-Regular.ttc',
      'fonts-dejavu-core': '/usr/share/fonts/**/DejaVuSans.ttf',
      'fonts-lohit-deva': '/usr/share/fonts/**/Lohit-Devanagari.ttf',
    },
  },
  redis: {
    places: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'],
    packages: ['redis-server'],
  },
  haproxy: {
    places: ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'],
    packages: ['haproxy'],
  },
  php: {
    places: ['/usr/bin/php', '/usr/local/bin/php'],
    packages: ['php-cli'],
    beside: { 'php-curl': '/usr/{,local/}lib/php/**/curl.so' },
  },
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
    packages: ['mono-mcs'],
    beside: {
      'mono-runtime': '/usr/{,local/}bin/mono',
      'libmono-system-net-http4.0-cil': '/usr/{,local/}lib/mono/4.5/System.Net.Http.dll',
      'libmono-system-runtime-serialization4.0-cil':
        '/usr/{,local/}lib/mono/4.5/System.Runtime.Serialization.dll',
    },
  },
  // Clients of other CAPTCHAs.
  googleRecaptcha: {
    places: ['/usr/share/php/ReCaptcha/ReCaptcha.php'],
    packages: ['php-google-recaptcha'],
  },
  rubyRecaptcha: {
    places: ['/usr/lib/ruby/vendor_ruby/recaptcha/version.rb'],
    packages: ['ruby-recaptcha'],
  },
} satisfies Record<string, Tool>

export type ToolName = keyof typeof TOOLS

export const TOOL_NAMES = Object.keys(TOOLS) as ToolName[]

/** Where a program is. `CHROMIUM` names another place for that one. Throws where it is missing. */
export function pathOf(tool: ToolName): string {
  const path = find(tool)
  if (path === undefined) throw new Error(`The tests need ${tool}: run them by npm test.`)
  return path
}

const find = (tool: ToolName) => TOOLS[tool].places.find((place) => place && existsSync(place))

function packagesFor(tool: ToolName): string[] {
  const { packages, beside = {} }: Tool = TOOLS[tool]
  const more = Object.entries(beside).filter(([, file]) => globSync(file).length === 0)
  return [...(find(tool) ? [] : packages), ...more.map(([name]) => name)]
}

/** Installs from Debian what is missing of these; as someone else than root, says what to install. */
export function installMissing(tools: readonly ToolName[] = TOOL_NAMES): void {
  const missing = tools.flatMap(packagesFor)
  if (missing.length === 0) return
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing]
  const able = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!able) {
    throw new Error(
      `The tests need more of Debian. As root: apt-get update && apt-get ${install.join(' ')}`,
    )
  }
  const options = {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  } as const
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', install, options)
}
