import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { backendSnippets } from '../../src/console/site/snippets.ts'
import { subpaths } from './home.ts'
import { openSdkStage, type SdkStage } from './stage.ts'

const DOC = readFileSync(new URL('../../docs/sdk.md', import.meta.url), 'utf8')
const ORIGIN = 'https://captcha.example.org'

/** How each language is asked, here: a program that says whether the token in its first argument may pass. */
const PROGRAMS: Record<string, { command: string; file: string; write(code: string): string }> = {
  sh: { command: 'sh', file: 'ask.sh', write: (code) => `TOKEN=$1\n${code} -s` },
  python: {
    command: 'python3',
    file: 'ask.py',
    write: (code) => `${code}\n\n\nimport sys\n\nprint(may_pass(sys.argv[1]))\n`,
  },
  php: {
    command: 'php',
    file: 'ask.php',
    write: (code) => `${code}\necho may_pass($argv[1]) ? 'True' : 'False';`,
  },
}

let stage: SdkStage
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'one-captcha-docs-'))
  stage = await openSdkStage()
})
afterAll(async () => {
  await stage?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The last block of a language. */
function blockOf(language: string): string {
  return [...DOC.matchAll(/```(\w+)\n([\s\S]*?)\n```/g)]
    .filter((one) => one[1] === language)
    .at(-1)![2]!
}

async function ask(language: string, token: string): Promise<string> {
  const { command, file, write } = PROGRAMS[language]!
  const program = join(folder, file)
  writeFileSync(program, write(blockOf(language).replaceAll(ORIGIN, stage.service.url)))
  const env = { ...process.env, ONE_CAPTCHA_SECRET: stage.options.secret }
  const child = spawn(command, [program, token], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  return text(child.stdout)
}

describe('the documentation of the SDK', () => {
  it('shows what the console shows', () => {
    const settings = { origin: ORIGIN, sitekey: '', mode: 'checkbox', onFailure: 'closed' } as const
    const snippets = backendSnippets(settings)
    for (const [id, language] of Object.entries({
      curl: 'sh',
      php: 'php',
      python: 'python',
      go: 'go',
    })) {
      assert.equal(blockOf(language), snippets.find((one) => one.id === id)!.code)
    }
  })

  it('speaks of each import', () => {
    for (const name of subpaths()) assert.ok(DOC.includes(`one-captcha/${name}`), name)
  })

  for (const [language, { command }] of Object.entries(PROGRAMS)) {
    it.skipIf(spawnSync(command, ['-h']).error)(`has ${command} ask as it is shown`, async () => {
      const token = await stage.token({ action: 'signup' })
      assert.match(await ask(language, token), /^True$|"success":true/m)
      assert.match(await ask(language, token), /^False$|"reason":"token-spent"/m)
    })
  }
})
