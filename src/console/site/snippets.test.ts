import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendSnippets } from './backend-snippets.ts'
import { pageSnippets } from './snippets.ts'

const run = promisify(execFile)

/** A service that answers as it is told to, and keeps what it was asked. */
let service: Server
let answer: { status: number; body: string }
let asked: { path: string; form: URLSearchParams }[] = []
let origin: string
const folder = mkdtempSync(join(tmpdir(), 'one-captcha-snippets-'))

beforeAll(async () => {
  service = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      asked.push({ path: request.url!, form: new URLSearchParams(text) })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
})
afterAll(() => {
  service.close()
  rmSync(folder, { recursive: true })
})

const SITEKEY = 'ock_0123456789abcdefghijkl'
const YES = { status: 200, body: '{"success":true}' }
const NO = { status: 200, body: '{"success":false}' }
const AWAY = { status: 503, body: '{"success":false,"error-codes":["internal-error"]}' }

function codeOf(id: string, onFailure: 'closed' | 'open', at = origin): string {
  const of = { origin: at, sitekey: SITEKEY, mode: 'checkbox', onFailure } as const
  return backendSnippets(of).find((one) => one.id === id)!.code
}

const env = { ...process.env, ONE_CAPTCHA_SECRET: 'ocs_live_x' }
const NODE = process.execPath

/** How each language is run with a token; what it prints is what `mayPass` said. */
const RUNS: Record<string, (code: string) => Promise<string>> = {
  async node(code) {
    const file = join(folder, 'ask.mjs')
    writeFileSync(file, `${code}\nprocess.stdout.write(String(await mayPass('a&b=c token')))\n`)
    return (await run(NODE, [file], { env })).stdout
  },
  async python(code) {
    const file = join(folder, 'ask.py')
    writeFileSync(file, `${code}\n\nprint(str(may_pass("a&b=c token")).lower(), end="")\n`)
    return (await run('python3', [file], { env })).stdout
  },
  async php(code) {
    const file = join(folder, 'ask.php')
    writeFileSync(
      file,
      `${code.replace(/\n\$passed = .*$/, '')}\necho may_pass("a&b=c token") ? 'true' : 'false';\n`,
    )
    return (await run('php', [file], { env })).stdout
  },
}
/** Node is everywhere that these tests are; of the others, those that this machine has. */
const THERE = Object.keys(RUNS).filter(
  (id) => id === 'node' || spawnSync(id === 'python' ? 'python3' : id, ['--version']).status === 0,
)

it('the example in node asks about a text alone, and of a common length', async () => {
  const file = join(folder, 'wrong.mjs')
  const wrong = `[{ toString: 1 }, ['x'], 7, 'x'.repeat(8193)]`
  const print = 'console.log(String(await Promise.all(wrong.map(mayPass))))'
  writeFileSync(file, `${codeOf('node', 'open')}\nconst wrong = ${wrong}\n${print}\n`)
  asked = []
  const { stdout } = await run(NODE, [file], { env })
  expect(stdout.trim()).toBe('false,false,false,false')
  expect(asked).toEqual([])
})

describe.each(THERE)('the example in %s', (id) => {
  it('passes whom the service passes, and nobody else', async () => {
    asked = []
    for (const [given, passes] of [
      [YES, 'true'],
      [NO, 'false'],
      [{ status: 200, body: 'no JSON' }, 'false'],
      [{ status: 400, body: '{"success":false}' }, 'false'],
      [AWAY, 'false'],
    ] as const) {
      answer = given
      expect(await RUNS[id]!(codeOf(id, 'closed'))).toBe(passes)
    }
    expect(asked[0]!.path).toBe('/v1/siteverify')
    expect(Object.fromEntries(asked[0]!.form)).toEqual({
      secret: 'ocs_live_x',
      response: 'a&b=c token',
      action: 'signup',
    })
  })

  it('does as the site wants it while the service is away', async () => {
    // Nobody listens there.
    expect(await RUNS[id]!(codeOf(id, 'closed', 'http://127.0.0.1:9'))).toBe('false')
    expect(await RUNS[id]!(codeOf(id, 'open', 'http://127.0.0.1:9'))).toBe('true')
    answer = AWAY
    expect(await RUNS[id]!(codeOf(id, 'open'))).toBe('true')
    // A call that is wrong never passes, whatever the site wants.
    for (const wrong of [
      { status: 400, body: '{"success":false}' },
      { status: 403, body: '<title>Blocked</title>' },
      { status: 200, body: '<title>Blocked</title>' },
    ]) {
      answer = wrong
      expect(await RUNS[id]!(codeOf(id, 'open'))).toBe('false')
    }
  })
})

it('the example with curl asks just that', async () => {
  asked = []
  answer = YES
  const { stdout } = await run('sh', ['-c', codeOf('curl', 'closed')], {
    env: { ...env, TOKEN: 'atoken' },
  })
  expect(JSON.parse(stdout)).toEqual({ success: true })
  expect(Object.fromEntries(asked[0]!.form)).toEqual({ secret: 'ocs_live_x', response: 'atoken' })
})

it('the example in React is what a bundler takes', () => {
  const of = { origin, sitekey: SITEKEY, mode: 'invisible', onFailure: 'closed' } as const
  const [html, react] = pageSnippets(of)
  const { code } = transformSync(react!.code, { loader: 'jsx', jsx: 'automatic' })
  expect(code).toContain(`sitekey: "${SITEKEY}"`)
  expect(html!.code).toContain(`<one-captcha sitekey="${SITEKEY}" action="signup" size="invisible"`)
})

it('no example has a secret in it', () => {
  const of = { origin, sitekey: SITEKEY, mode: 'checkbox', onFailure: 'open' } as const
  for (const { code } of [...pageSnippets(of), ...backendSnippets(of)])
    expect(code).not.toMatch(/ocs_/)
})
