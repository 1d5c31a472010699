import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, inject, it } from 'vitest'
import { FRAMEWORKS, type Home, homeIn, SDK, subpaths, succeed } from './home.ts'
import { openSdkStage, type SdkStage } from './stage.ts'

/** Needs a framework to be loaded; `frameworks.test.ts` and `components.test.ts` do that. */
const NEED_FRAMEWORK = ['react', 'vue', 'solid', 'nest', 'nuxt', 'angular']

let stage: SdkStage
let home: Home
beforeAll(async () => {
  stage = await openSdkStage()
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-empty-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  succeed('npm', ['install', inject('tarball'), '--offline', '--no-audit', '--no-fund'], folder)
  home = homeIn(folder)
})
afterAll(async () => {
  home?.remove()
  await stage?.stop()
})

const manifest = () => JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8'))

describe('the package', () => {
  it('installs into an empty project without network, and brings nothing else', () => {
    assert.deepEqual(
      readdirSync(join(home.folder, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['one-captcha'],
    )
    const installed = join(home.folder, 'node_modules/one-captcha')
    assert.deepEqual(readdirSync(installed).sort(), [
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ])
    assert.equal(manifest().dependencies, undefined)
    assert.equal(manifest().sideEffects, false)
  })

  it('exports each module of its source', () => {
    const exported = Object.keys(manifest().exports).map((path) => path.slice(2))
    assert.deepEqual(exported.sort(), [...subpaths(), 'package.json'].sort())
  })

  it('has each file that it names', () => {
    const named = JSON.stringify(manifest().exports).match(/\.\/dist\/[^"]+/g)!
    // Angular's packages are to be imported alone, and so is what is for them.
    assert.equal(named.length, (subpaths().length - 1) * 4 + 2)
    for (const file of named) readFileSync(join(home.folder, 'node_modules/one-captcha', file))
  })

  it('has for Angular what its compiler makes of the source', async () => {
    const folder = join(home.folder, 'angular')
    await home.finish('.', [join(SDK, 'angular/compile.ts'), folder])
    for (const file of ['angular.js', 'angular.d.ts']) {
      const kept = readFileSync(join(SDK, 'angular/compiled', file), 'utf8')
      const made = readFileSync(join(folder, file), 'utf8')
      assert.ok(kept === made, `${file} is an older one: node sdk/angular/compile.ts`)
    }
  })

  it('is as bundlers and types want it, by publint', () => {
    const { messages } = judge(`
      const { publint } = await import('publint')
      const said = await publint({ pack: { tarball: tarball.buffer }, strict: true })`)
    assert.deepEqual(messages, [])
  })

  it('has types that agree with its modules, by Are the types wrong', () => {
    const { problems } = judge(`
      const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core')
      const said = await checkPackage(createPackageFromTarballData(tarball))`)
    const real = (problems as { kind: string; entrypoint: string; resolutionKind: string }[])
      // Before Node.js 12, packages could have no exports.
      .filter(({ resolutionKind }) => resolutionKind !== 'node10')
      .map(({ kind, entrypoint }) => `${kind} ${entrypoint}`)
    assert.deepEqual(real, ['CJSResolvesToESM ./angular'])
  })

  for (const name of subpaths().filter((one) => !NEED_FRAMEWORK.includes(one))) {
    it(`gives ${name} to import and to require alike`, () => {
      const path = `one-captcha/${name}`
      const imported = home.evaluate(
        `console.log(Object.keys(await import('${path}')).filter((key) => key !== 'default').sort().join())`,
      )
      const required = home.evaluate(
        `console.log(Object.keys(require('${path}')).sort().join())`,
        'commonjs',
      )
      assert.ok(imported.length > 0)
      assert.equal(imported, required)
    })
  }

  it('verifies, from ESM and from CommonJS', async () => {
    for (const [type, load] of [
      ['module', "import { verify } from 'one-captcha/verify'"],
      ['commonjs', "const { verify } = require('one-captcha/verify')"],
    ] as const) {
      // In a process of its own, so that the service in this one can answer.
      const question = JSON.stringify([await stage.token(), stage.options])
      const { url, stop } = await startAsking(type, load, question)
      assert.equal(url, 'passed')
      stop()
    }
  })

  it('leaves a bundle what it uses alone', async () => {
    const sizeOf = async (contents: string) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: home.folder },
        bundle: true,
        write: false,
        format: 'esm',
        minify: true,
        platform: 'browser',
        logLevel: 'error',
      })
      return outputFiles[0]!.contents.length
    }
    assert.equal(await sizeOf("import 'one-captcha/verify'; import 'one-captcha/element'"), 0)
    const loader = await sizeOf("import { loadWidget } from 'one-captcha/element'; loadWidget('')")
    assert.ok(loader < 1_000, `${loader} bytes`)
    const verify = await sizeOf("import { verify } from 'one-captcha/verify'; verify()")
    assert.ok(verify < 5_000, `${verify} bytes`)
  })
})

/** What a tool that is installed with the frameworks says of the package. */
function judge(code: string) {
  const read = `const { readFileSync } = await import('node:fs')
    const tarball = new Uint8Array(readFileSync('${inject('tarball')}'))`
  const all = `${read}\n${code}\nconsole.log(JSON.stringify(said))`
  return JSON.parse(succeed(process.execPath, ['--input-type=module', '-e', all], FRAMEWORKS))
}

function startAsking(type: string, load: string, question: string) {
  const file = `ask.${type === 'module' ? 'mjs' : 'cjs'}`
  const code = `${load}\nverify(...${question}).then((finding) => console.log(finding.outcome))`
  writeFileSync(join(home.folder, file), code)
  return home.run(file, {})
}
