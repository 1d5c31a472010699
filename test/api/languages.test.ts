import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { backendSnippets } from '../../src/console/site/backend-snippets.ts'
import { pathOf } from '../support/debian.ts'
import { type Door, openDoor } from '../support/door.ts'
import { lockLedger } from '../support/locked-ledger.ts'
import { environment } from '../support/program.ts'
import { openProxy } from '../support/proxy.ts'
import { startService, type TestService } from '../support/service.ts'
import { HOST, quickToken } from '../support/visitor.ts'

const run = promisify(execFile)
const DOC = readFileSync(new URL('../../docs/backends.md', import.meta.url), 'utf8')
const ORIGIN = 'https://captcha.example.org'
const WWW = `www.${HOST}`
type OnFailure = 'closed' | 'open'

/** How a snippet becomes a program that says of each token in its arguments whether it may pass. */
interface Language {
  /** Its files: the snippet, and what calls it. */
  files(code: string): Record<string, string>
  /** What is to be run once, in their folder. */
  compile?: string[][]
  command: string[]
}

const RUBY = `
ARGV.each { |token| puts may_pass?(token) }
`
const GO = `
func main() {
	for _, token := range os.Args[1:] {
		answer := "false\\n"
		if MayPass(token) {
			answer = "true\\n"
		}
		os.Stdout.WriteString(answer)
	}
}
`
const JAVA = `final class Ask {
    public static void main(String[] tokens) throws InterruptedException {
        for (String token : tokens) System.out.println(Captcha.mayPass(token));
    }
}
`
const CSHARP = `public static class Ask
{
    public static void Main(string[] tokens)
    {
        foreach (var token in tokens) System.Console.WriteLine(Captcha.MayPassAsync(token).Result);
    }
}
`
const MONO = ['-out:Ask.exe', '-r:System.Net.Http', '-r:System.Runtime.Serialization']

const LANGUAGES: Record<string, Language> = {
  node: {
    files: (code) => ({
      'ask.mjs': `${code}\nfor (const token of process.argv.slice(2)) console.log(await mayPass(token))`,
    }),
    command: [process.execPath, 'ask.mjs'],
  },
  php: {
    files: (code) => ({
      'ask.php': `${code}\nforeach (array_slice($argv, 1) as $token) echo may_pass($token) ? "true\\n" : "false\\n";`,
    }),
    command: [pathOf('php'), 'ask.php'],
  },
  python: {
    files: (code) => ({
      'ask.py': `${code}\n\n\nimport sys\n\nfor token in sys.argv[1:]:\n    print(may_pass(token))\n`,
    }),
    command: [pathOf('python'), 'ask.py'],
  },
  ruby: { files: (code) => ({ 'ask.rb': code + RUBY }), command: [pathOf('ruby'), 'ask.rb'] },
  go: {
    files: (code) => ({ 'ask.go': code.replace('package captcha', 'package main') + GO }),
    compile: [[pathOf('go'), 'build', '-o', 'ask', 'ask.go']],
    command: ['./ask'],
  },
  java: {
    files: (code) => ({ 'Captcha.java': code, 'Ask.java': JAVA }),
    compile: [[pathOf('java'), 'Captcha.java', 'Ask.java']],
    command: [join(dirname(pathOf('java')), 'java'), 'Ask'],
  },
  csharp: {
    files: (code) => ({ 'Captcha.cs': code, 'Ask.cs': CSHARP }),
    compile: [[pathOf('mono'), ...MONO, 'Captcha.cs', 'Ask.cs']],
    command: [join(dirname(pathOf('mono')), 'mono'), 'Ask.exe'],
  },
}

/** What a proxy answers in the service's place: pages, and what must not be read in such answers. */
const BLOCKED = ['301', '302', '307', '401', '403', '413', '429', '200', '403 yes', '301 yes']

let folder: string
let service: TestService
let door: Door
let site: { sitekey: string; secret: string }
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'one-captcha-languages-'))
  service = await startService()
  door = await openDoor(service.url)
  site = await service.addSite([HOST, WWW], 'checkbox')
  for (const id of Object.keys(LANGUAGES))
    for (const onFailure of ['closed', 'open'] as const) await make(id, onFailure)
})
afterAll(async () => {
  await door?.close()
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const snippetsOf = (onFailure: OnFailure) =>
  backendSnippets({ origin: ORIGIN, onFailure, hostname: 'example.org' })

/** A snippet as it is, but for the addresses of the service and of the page. */
function codeOf(id: string, onFailure: OnFailure): string {
  const { code } = snippetsOf(onFailure).find((one) => one.id === id)!
  return code.replaceAll(ORIGIN, `http://127.0.0.1:${door.port}`).replaceAll('example.org', HOST)
}

const homeOf = (id: string, onFailure: OnFailure) => join(folder, `${id}-${onFailure}`)

async function make(id: string, onFailure: OnFailure) {
  const cwd = homeOf(id, onFailure)
  const { files, compile = [] } = LANGUAGES[id]!
  mkdirSync(cwd)
  const written = Object.entries(files(codeOf(id, onFailure)))
  for (const [file, code] of written) writeFileSync(join(cwd, file), code)
  for (const [command, ...args] of compile) {
    // Go keeps what it has built before.
    await run(command!, args, { cwd, env: environment({ GOCACHE: join(folder, 'go') }) })
  }
}

/** Who may pass, as a program says. */
async function ask(
  id: string,
  tokens: string[],
  onFailure: OnFailure = 'closed',
  secret = site.secret,
): Promise<boolean[]> {
  const [command, ...args] = LANGUAGES[id]!.command
  const child = spawn(command!, [...args, ...tokens], {
    cwd: homeOf(id, onFailure),
    env: environment({ ONE_CAPTCHA_SECRET: secret }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = (await text(child.stdout)).trim().toLowerCase().split('\n')
  assert.ok(
    lines.every((line) => line === 'true' || line === 'false'),
    lines.join(),
  )
  return lines.map((line) => line === 'true')
}

/** Who may pass where a proxy answers in the service's place, and what it heard of them. */
async function askProxy(id: string, tokens: string[], onFailure: OnFailure) {
  const proxy = await openProxy()
  door.to = proxy.url
  try {
    const passed = await ask(id, tokens, onFailure)
    // The example in PHP ends with a call of its own, about a form that has no token.
    return { passed, heard: proxy.heard.filter((token) => token !== '') }
  } finally {
    door.to = service.url
    await proxy.close()
  }
}

const token = ({ action = 'signup', host = HOST } = {}) => {
  const page = { service: service.url, origin: `https://${host}` }
  const { seal } = service.context.tools
  return quickToken(page, seal, { sitekey: site.sitekey, action, host })
}

describe('docs/backends.md', () => {
  it('shows what the console shows, and a host name that is expected', () => {
    const blocks = [...DOC.matchAll(/```\w+\n([\s\S]*?)\n```/g)].map(([, code]) => code)
    assert.deepEqual(
      blocks,
      snippetsOf('closed').map(({ code }) => code),
    )
  })

  it('has no language that is not tried', () => {
    const ids = snippetsOf('closed').map(({ id }) => id)
    assert.deepEqual(ids.sort(), ['curl', ...Object.keys(LANGUAGES)].sort())
  })

  it('has Go in the form that Go’s own tool gives it', async () => {
    const file = join(folder, 'captcha.go')
    for (const onFailure of ['closed', 'open'] as const) {
      writeFileSync(file, `${codeOf('go', onFailure)}\n`)
      const { stdout } = await run(join(dirname(pathOf('go')), 'gofmt'), ['-l', file])
      assert.equal(stdout, '')
    }
  })
})

describe('curl', () => {
  it('asks as it is shown', async () => {
    const env = environment({ ONE_CAPTCHA_SECRET: site.secret, TOKEN: await token() })
    const asked = async () =>
      JSON.parse(
        (
          await run(
            'sh',
            ['-c', `${codeOf('curl', 'closed').replace('curl', pathOf('curl'))} -s`],
            { env },
          )
        ).stdout,
      )
    assert.equal((await asked()).success, true)
    assert.equal((await asked()).reason, 'token-spent')
  })
})

describe.each(Object.keys(LANGUAGES))('the example in %s', (id) => {
  it('passes a good token once, and no other', async () => {
    const good = await token()
    const tokens = [
      good,
      good,
      await token({ action: 'login' }),
      await token({ host: WWW }),
      'a&b=c+d\u{1F600}"success":true',
      '',
      await token(),
    ]
    assert.deepEqual(await ask(id, tokens), [true, false, false, false, false, false, true])
    // Nine times as long in a form.
    assert.deepEqual(await ask(id, ['\u6f22'.repeat(8_192)], 'open'), [false])
  })

  it('passes nobody while the service is at fault, or all where that is wanted', async () => {
    const waiting = await token()
    const unlock = lockLedger(service.data)
    try {
      assert.deepEqual(await ask(id, [waiting]), [false])
      assert.deepEqual(await ask(id, [waiting], 'open'), [true])
    } finally {
      unlock()
    }
    assert.deepEqual(await ask(id, [waiting]), [true])
  })

  it('passes nobody by a call that is wrong, wanted or not', async () => {
    for (const onFailure of ['closed', 'open'] as const)
      assert.deepEqual(await ask(id, [await token(), 'x'], onFailure, 'wrong'), [false, false])
  })

  it('passes nobody whom a proxy refuses or sends elsewhere, wanted or not', async () => {
    for (const onFailure of ['closed', 'open'] as const) {
      const { passed, heard } = await askProxy(id, ['200 yes', '502', ...BLOCKED], onFailure)
      const open = onFailure === 'open'
      assert.deepEqual(passed, [true, open, ...BLOCKED.map(() => false)], onFailure)
      assert.deepEqual(heard, ['200 yes', '502', ...BLOCKED])
    }
  })

  it('asks about no token that is longer than any, and passes nobody by it', async () => {
    const longest = '200 yes '.padEnd(8_192, 'x')
    for (const onFailure of ['closed', 'open'] as const) {
      const tokens = [`${longest}x`, 'x'.repeat(9_000), longest]
      const { passed, heard } = await askProxy(id, tokens, onFailure)
      assert.deepEqual(passed, [false, false, true], onFailure)
      assert.deepEqual(heard, [longest])
    }
  })
})

describe('all of them', () => {
  const all = (onFailure: OnFailure) =>
    Promise.all(Object.keys(LANGUAGES).map((id) => ask(id, ['x'], onFailure)))
  const each = (passes: boolean) => Object.keys(LANGUAGES).map(() => [passes])

  it('give up on a service that says nothing', async () => {
    door.silent = true
    try {
      const [closed, open] = await Promise.all([all('closed'), all('open')])
      assert.deepEqual([closed, open], [each(false), each(true)])
    } finally {
      door.silent = false
    }
  })

  it('pass nobody where no service is, or all where that is wanted', async () => {
    await door.close()
    assert.deepEqual(await all('closed'), each(false))
    assert.deepEqual(await all('open'), each(true))
  })
})
