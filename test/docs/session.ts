import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pathOf } from '../support/debian.ts'
import { removeFolder, temporaryFolder } from '../support/program.ts'
import { until } from '../support/until.ts'
import { type Block, placeOf } from './blocks.ts'
import { type Facts, gone, type Place, startedPlace, tokenOf } from './place.ts'
import { assertShown } from './shapes.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Somebody at a prompt who does what a document says, block after block, in a home of their own. */
export interface Session {
  home: string
  /** The service that is spoken of: the shared one, or what was started here. */
  place: Place
  /** Programs of the document's own that run, by their addresses. */
  programs: string[]
  /** Runs a block's commands as they are written, and compares what is shown of their output. Gives the output. */
  shell(block: Block, settings?: Record<string, string>): Promise<string>
  /** Writes what is there in place of what a document can only write in general. */
  fill(text: string): Promise<string>
  /** Writes a file of the document's reader. */
  write(name: string, text: string): void
  close(): Promise<void>
}

interface Started {
  pid: number
  command: string
  url: string
}

export function openSession(shared: Place): Session {
  const home = temporaryFolder()
  const bin = join(home, '.bin')
  mkdirSync(bin)
  for (const name of readdirSync(ROOT)) {
    // The home is a checkout, in which nothing was installed and nothing has run yet.
    if (/^(\.|node_modules$|data$|test-results$)/.test(name)) continue
    symlinkSync(join(ROOT, name), join(home, name))
  }
  writeFileSync(join(home, '.curlrc'), 'silent\nshow-error\n')
  for (const [name, text] of Object.entries(programs(home))) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
  let facts: Facts | null = null
  let seen = 0

  const started = (): Started[] =>
    existsSync(join(home, 'started.jsonl'))
      ? readFileSync(join(home, 'started.jsonl'), 'utf8').trim().split('\n').map(read)
      : []

  const session: Session = {
    home,
    place: shared,
    programs: [],
    write(name, text) {
      writeFileSync(join(home, name), text)
    },
    async fill(text) {
      const { url } = session.place
      facts ??= await session.place.facts()
      const has = facts
      const backup = globSync('**/*.jsonl.gz', { cwd: home }).sort().at(-1)
      const known = text
        .replaceAll(/https:\/\/captcha\.example\.org|http:\/\/localhost:8787/g, url)
        .replaceAll('http://localhost:3000', session.programs.at(-1) ?? 'http://localhost:3000')
        .replaceAll('ock_…', has.SITEKEY)
        .replaceAll('ocs_live_…', has.ONE_CAPTCHA_SECRET)
        .replaceAll(/\d+:[0-9a-f]+…/g, has.HEAD ?? '')
        .replaceAll(/one-captcha-\d{8}T\d{6}Z\.jsonl\.gz/g, backup ?? '')
        .replaceAll(/(?<![\w.])\/(etc|var)\//g, `${home}/$1/`)
      for (const [path] of known.matchAll(/(?<=^|\s|=)\/[\w./-]+/gm)) {
        if (path.startsWith(home)) mkdirSync(path.includes('.') ? dirname(path) : path, ALL)
      }
      if (!/\bTOKEN\b/.test(known)) return known
      return known.replaceAll(/\bTOKEN\b(?!=)/g, await tokenOf(session.place, has.SITEKEY))
    },
    async shell(block, settings = {}) {
      // What one block has used up, the next needs anew; what a reader has made stays.
      if (session.place === shared) facts = null
      const parts = partsOf(block.text)
      const [lines, shown] = [[] as string[], parts.map((part) => part.shown)]
      for (const { commands } of parts) lines.push(await fill(commands, block), `echo ${MARK}`)
      const env = {
        ...{ HOME: home, LANG: 'C.UTF-8' },
        PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
        // Without it `npm` asks for its newest version.
        npm_config_update_notifier: 'false',
        ...(session.place === shared && { ONE_CAPTCHA_DATA: shared.data }),
        ...{ ONE_CAPTCHA: session.place.url, ...facts, ...settings },
      }
      const { code, out, err } = await bash(lines.join('\n'), home, env)
      assert.equal(code, 0, `${placeOf(block)} ends with ${code}:\n${lines[0]}\n${out}${err}`)
      const got = out.split(`${MARK}\n`)
      for (const [i, text] of shown.entries()) {
        if (text !== '') assertShown(text, got[i] ?? '', placeOf(block))
      }
      await moveIn(out)
      return out.replaceAll(`${MARK}\n`, '')
    },
    async close() {
      for (const { pid, url } of started()) {
        try {
          process.kill(-pid)
        } catch {
          // It has ended by itself.
        }
        await until(() => gone(url), 'what was started has ended')
      }
      removeFolder(home)
    },
  }

  async function fill(text: string, block: Block): Promise<string> {
    const filled = await session.fill(text)
    const left = /\S*…\S*/.exec(filled.replaceAll(/#.*$/gm, ''))
    assert.ok(!left, `${placeOf(block)}: nothing fills in ${left}; see the rules in session.ts.`)
    return filled
  }

  /** From here on the document speaks of what was started and made in it. */
  async function moveIn(out: string) {
    const all = started()
    for (const { command, url } of all.slice(seen)) {
      if (command.includes('npm start')) {
        session.place = startedPlace(url, join(home, 'data'))
        facts = null
      } else session.programs.push(url)
    }
    seen = all.length
    const made = /^sitekey\s+(ock_\S+)\nsecret\s+(ocs_\S+)/m.exec(out)
    if (made) facts = { ...facts, SITEKEY: made[1]!, ONE_CAPTCHA_SECRET: made[2]! }
  }

  return session
}

const MARK = '-- that was all --'
const ALL = { recursive: true }

/** Commands, and what is shown of their output: the lines after them that are comments as a whole. */
function partsOf(text: string): { commands: string; shown: string }[] {
  const parts: { commands: string[]; shown: string[] }[] = []
  for (const line of text.split('\n')) {
    const last = parts.at(-1)
    if (/^#( |$)/.test(line) && last) last.shown.push(line.slice(2))
    else if (!last || last.shown.length > 0) parts.push({ commands: [line], shown: [] })
    else last.commands.push(line)
  }
  return parts.map(({ commands, shown }) => ({
    commands: commands.join('\n'),
    shown: shown.join('\n'),
  }))
}

function bash(
  script: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-euc', script],
      { cwd, env, timeout: 110_000 },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    )
  })
}

function read(line: string): Started {
  return JSON.parse(line) as Started
}

/**
 * The programs that a reader's commands find first. They do what the real ones do, save that what would go on for
 * ever goes on beside, and what would take an hour is only looked for.
 */
function programs(home: string): Record<string, string> {
  const node = process.execPath
  const placeOf = (name: string) =>
    (process.env.PATH ?? '').split(delimiter).find((at) => existsSync(join(at, name)))
  const npm = placeOf('npm')
  // A reader has the others, too.
  const [curl] = [pathOf('curl'), pathOf('jq'), pathOf('openssl')]
  const serve = `exec '${node}' '${ROOT}/test/docs/serve.ts'`
  return {
    'one-captcha': `#!/bin/sh\nexec '${node}' '${ROOT}/src/cli/main.ts' "$@"\n`,
    npm: `#!/bin/sh
case "$*" in
  # The lock must be good for the packages; they are there already.
  ci) '${npm}/npm' ci --dry-run --offline --ignore-scripts >/dev/null && ln -sfn '${ROOT}/node_modules' '${home}/node_modules' ;;
  start) unset ONE_CAPTCHA_DATA; export ONE_CAPTCHA_PORT=0 ONE_CAPTCHA_PAINTERS=1; ${serve} '${npm}/npm' start ;;
  # This is one of them.
  test) cd '${ROOT}' && node_modules/.bin/vitest list --filesOnly >/dev/null ;;
  'test -- '*) shift 2; cd '${ROOT}' && node_modules/.bin/vitest list --filesOnly "$@" | grep -q . ;;
  'run bench') grep -q '"bench": "node bench/main.ts"' '${ROOT}/package.json' ;;
  'run bench -- '*) shift 3; grep -q "^  $1: async" '${ROOT}/bench/main.ts' ;;
  *) exec '${npm}/npm' "$@" ;;
esac
`,
    // A mistake ends a command, unless it says itself what is to become of it.
    curl: `#!/bin/sh
for word in "$@"; do case "$word" in -f* | --fail*) exec '${curl}' "$@" ;; esac; done
exec '${curl}' --fail-with-body "$@"
`,
    node: `#!/bin/sh
if [ -f "$1" ] && [ ! -L "$1" ] && [ "$(dirname "$1")" = . ]; then PORT=0; export PORT; ${serve} '${node}' "$@"; fi
exec '${node}' "$@"
`,
  }
}
