import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { parts, SERVERS, SHOWN } from './docs.ts'
import { type Home, openHome, SDK, subpaths, succeed } from './home.ts'
import { openSdkStage, type SdkStage } from './stage.ts'

interface Block {
  language: string
  code: string
}

const DOC = readFileSync(new URL('../../docs/sdk.md', import.meta.url), 'utf8')
const BLOCKS: Block[] = [...DOC.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)].map((found) => ({
  language: found[1]!,
  code: found[2]!,
}))
/** The options that the frameworks' blocks take. */
const OPTIONS = 'const options = '

let stage: SdkStage
let home: Home
beforeAll(async () => {
  stage = await openSdkStage()
  home = openHome()
})
afterAll(async () => {
  home?.remove()
  await stage?.stop()
})

/** How a block is tried; undefined if nobody knows. */
function trialOf({ language, code }: Block): (() => Promise<void> | void) | undefined {
  const module = /from 'one-captcha\/(\w+)'/.exec(code)?.[1] ?? ''
  if (language === 'sh') return () => install(code)
  if (module === 'angular') return () => compileForAngular(code)
  if (SHOWN[language]) return () => show(language, code)
  if (SERVERS[module]) return () => serve(module, code)
  // Is part of what follows it.
  if (code.startsWith(OPTIONS)) return () => assert.equal(code.split('\n').length, 1)
  return undefined
}

describe('the code in the documentation of the SDK', () => {
  it('is tried, every block of it', () => {
    for (const block of BLOCKS) assert.ok(trialOf(block), `Nobody tries this: ${block.code}`)
  })

  for (const [index, block] of BLOCKS.entries()) {
    const first = block.code.split('\n')[0]
    it(`is as good as it looks: ${index + 1}, ${first}`, () => trialOf(block)?.())
  }

  it('is there for each framework that has a server', () => {
    for (const module of Object.keys(SERVERS)) {
      assert.ok(BLOCKS.some(({ code }) => code.includes(`'one-captcha/${module}'`)))
    }
  })

  it('is told where it is no block: each import is named', () => {
    for (const name of subpaths()) assert.ok(DOC.includes(`one-captcha/${name}`), name)
  })
})

/** Packs with the words of the first line, and installs with those of the second into an empty project. */
function install(code: string) {
  const [pack, add] = code.split('\n').map((line) => line.replace(/ +#.*/, ''))
  assert.match(pack!, /^npm ci && cd sdk && npm pack$/)
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-docs-'))
  copyFileSync(inject('tarball'), join(folder, basename(inject('tarball'))))
  writeFileSync(join(folder, 'package.json'), '{}')
  succeed('sh', ['-c', `${add} --offline --no-audit --no-fund`], folder)
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  assert.deepEqual(Object.keys(dependencies), ['one-captcha'])
  const { version } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8'))
  assert.ok(code.includes(`one-captcha-${version}.tgz`))
  rmSync(folder, { recursive: true })
}

/** Makes a server of the block, and sends it forms. */
async function serve(module: string, code: string) {
  const { paths, before, after } = SERVERS[module]!
  const { code: options } = BLOCKS.find((block) => block.code.startsWith(OPTIONS))!
  const [imports, rest] = parts(code)
  const block = real(`${options}\n${imports}\n${before}\n${rest}`)
  // What a block exports, a framework would import.
  if (/^export /m.test(code)) {
    const names = [...code.matchAll(/^export (?:const|async function) (\w+)/gm)].map(
      ([, name]) => name,
    )
    write('block.mjs', block)
    write('program.mjs', `import { ${names} } from './block.mjs'\n${after}`)
  } else {
    write('program.mjs', `${block}\n${after}`)
  }
  const { url, stop } = await home.run('program.mjs', { ONE_CAPTCHA_SECRET: stage.options.secret })
  for (const path of paths) {
    const send = async (token: string) => {
      const body = new URLSearchParams({ 'one-captcha-response': token })
      const response = await fetch(url + path, { method: 'POST', body })
      return { status: response.status, text: await response.text() }
    }
    const token = await stage.token({ action: 'signup' })
    const good = await send(token)
    assert.ok(good.status < 300, `${path} answers ${good.status}`)
    assert.match(good.text, /Welcome/)
    assert.equal((await send(token)).status, 403)
    assert.equal((await send('')).status, 403)
    assert.equal((await send(await stage.token({ action: 'login' }))).status, 403)
  }
  stop()
}

/** Runs what makes the element, and looks at it. */
function show(language: string, code: string) {
  write('shown.mjs', SHOWN[language]!(code))
  const html = succeed(process.execPath, ['shown.mjs'], home.folder)
  if (language === 'svelte') return
  assert.match(html, /<one-captcha[^>]* sitekey="ock_…"[^>]* action="signup"/)
  assert.match(html, / required(="")?[ >]/)
}

/** Compiles it ahead of time, with Angular's own eyes on its templates. */
async function compileForAngular(code: string) {
  const folder = join(home.folder, 'angular-docs')
  mkdirSync(folder)
  const settings = readFileSync(join(home.folder, 'angular/tsconfig.json'), 'utf8')
  writeFileSync(join(folder, 'tsconfig.json'), settings)
  writeFileSync(join(folder, 'main.ts'), code)
  const ngc = '../../../node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js'
  await home.finish('angular-docs', [ngc, '-p', '.', '--outDir', 'out'])
}

/** Asks this service, about its site. */
function real(code: string): string {
  return code
    .replaceAll('https://captcha.example.org', stage.service.url)
    .replaceAll("'example.org'", "'example.test'")
}

/** Writes a module, without the types, decorators and JSX that Node.js does not know. */
function write(file: string, code: string) {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } }
  const { code: plain } = transformSync(code, { loader: 'tsx', jsx: 'automatic', tsconfigRaw })
  writeFileSync(join(home.folder, file), plain)
}
