import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import { FRAMEWORKS, type Home, openHome } from './home.ts'
import { openSdkStage, type SdkStage } from './stage.ts'

const FIELD = 'one-captcha-response'

/** Where the programs of the runtimes are. Those that are installed run on Linux on x64 alone. */
const runtime = (file: string) => join(FRAMEWORKS, 'node_modules', file)
const deno = runtime('@deno/linux-x64-glibc/deno')
const bun = runtime('@oven/bun-linux-x64-baseline/bin/bun')
const workerd = runtime('@cloudflare/workerd-linux-64/bin/workerd')

const ELSEWHERE = `There is no such program here for ${process.platform} ${process.arch}.`

/** On that platform it must be there, or its test fails. */
const missing = (program: string) =>
  `${process.platform} ${process.arch}` !== 'linux x64' && !existsSync(program)

let stage: SdkStage
let home: Home
const running: ChildProcess[] = []
beforeAll(async () => {
  stage = await openSdkStage()
  home = openHome()
})
afterAll(async () => {
  for (const child of running) child.kill()
  home?.remove()
  await stage?.stop()
})

/** Verifies a token twice in another runtime, and gives the outcomes. */
async function outcomes(command: string, args: string[]): Promise<string> {
  const question = JSON.stringify([await stage.token(), stage.options])
  writeFileSync(
    join(home.folder, 'ask.mjs'),
    `import { verify } from 'one-captcha/verify'
    for (let i = 0; i < 2; i++) console.log((await verify(...${question})).outcome)`,
  )
  const child = spawn(command, [...args, 'ask.mjs'], {
    cwd: home.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return text(child.stdout)
}

describe('verify in other runtimes', () => {
  it('works in Deno', async ({ skip }) => {
    skip(missing(deno), ELSEWHERE)
    assert.equal(await outcomes(deno, ['run', '--allow-all', '--no-remote']), 'passed\nrefused\n')
  })

  it('works in Bun', async ({ skip }) => {
    skip(missing(bun), ELSEWHERE)
    assert.equal(await outcomes(bun, ['run']), 'passed\nrefused\n')
  })

  it('works in the runtime of Workers, bundled', async ({ skip }) => {
    skip(missing(workerd), ELSEWHERE)
    const port = await freePort()
    await build({
      stdin: {
        resolveDir: home.folder,
        contents: `
          import { verify } from 'one-captcha/verify'
          export default {
            async fetch(request) {
              const form = await request.formData()
              const finding = await verify(form.get('${FIELD}'), ${JSON.stringify(stage.options)})
              return Response.json(finding)
            },
          }`,
      },
      bundle: true,
      format: 'esm',
      outfile: join(home.folder, 'worker.js'),
    })
    writeFileSync(
      join(home.folder, 'workers.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [
          (name = "main", worker = .main),
          (name = "internet", network = (allow = ["public", "private", "local"])),
        ],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );
      const main :Workerd.Worker = (
        modules = [(name = "worker", esModule = embed "worker.js")],
        compatibilityDate = "2023-01-01",
      );`,
    )
    running.push(spawn(workerd, ['serve', 'workers.capnp'], { cwd: home.folder, stdio: 'inherit' }))
    const ask = (token: string) =>
      fetch(`http://127.0.0.1:${port}`, {
        method: 'POST',
        body: new URLSearchParams({ [FIELD]: token }),
      }).then((response) => response.json() as Promise<{ outcome: string; reason?: string }>)
    await until(() => ask('').then(Boolean, () => false), 'it listens')
    const token = await stage.token()
    assert.equal((await ask(token)).outcome, 'passed')
    assert.equal((await ask(token)).reason, 'token-spent')
  })
})
