import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { build } from 'esbuild'
import { describe, it } from 'vitest'
import { ASSETS } from '../console/assets.ts'
import { whyAllowed } from './allowed.ts'
import { componentsOf } from './components.ts'
import { browserOnly, licences } from './list.ts'
import { makeSbom } from './sbom.ts'
import { readTexts } from './texts.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A folder as npm leaves it, with packages by their place. */
function installed(packages: Record<string, object>, files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'one-captcha-licences-'))
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
  for (const [place, said] of Object.entries(packages)) {
    mkdirSync(join(root, place), { recursive: true })
    if (place) writeFileSync(join(root, place, 'package.json'), JSON.stringify(said))
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('a licence', () => {
  it.each([
    ['MIT', true],
    ['Apache-2.0 AND MIT', true],
    ['GPL-3.0-only OR MIT', true],
    ['(MIT OR GPL-2.0-only) AND ISC', true],
    ['GPL-3.0-only', false],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['LGPL-3.0-or-later', false],
    ['CC-BY-3.0', false],
    ['Apache-2.0+', false],
    ['Apache-2.0 WITH LLVM-exception', false],
    ['SEE LICENSE IN LICENSE', false],
    ['UNLICENSED', false],
    ['mit', false],
    ['', false],
  ])('is allowed or not by what it says, and not by what is in it: %s, %s', (license, allowed) => {
    assert.equal(whyAllowed('some-package', license) !== null, allowed)
  })

  it('that is not on the list is allowed to the one component that has a reason', () => {
    const lgpl = 'LGPL-3.0-or-later'
    assert.match(whyAllowed('@img/sharp-libvips-linux-x64', lgpl)!, /shared library/)
    for (const name of ['sharp-libvips-linux-x64', '@img/sharp-libvips-x/y', '@evil/libvips'])
      assert.equal(whyAllowed(name, lgpl), null, name)
    assert.equal(whyAllowed('@img/sharp-libvips-linux-x64', 'GPL-3.0-or-later'), null)
  })
})

describe('what the software is made of', () => {
  const all = licences()

  it('has a licence that is allowed, and its text', async () => {
    for (const { name, version, license, texts } of [...all.server, ...all.source]) {
      assert.notEqual(whyAllowed(name, license), null, `${name} is under ${license}`)
      assert.ok(texts.length > 0, `${name} ${version} brings no text, and none is given instead`)
      assert.ok((await readTexts(texts)).length > 200, `${name} ${version} has next to no text`)
    }
    assert.match(await readTexts(all.own.texts), /Apache License[\s\S]+One Captcha authors/)
  })

  it('is what npm says is installed for production, no more and no less', () => {
    const said = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--long'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    const there = said
      .trim()
      .split('\n')
      .map((line) => line.split(':'))
      // Our own, and the workspaces that are not shipped.
      .filter(([path]) => path!.includes('/node_modules/') && !/one-captcha-\w+$/.test(path!))
      .map(([, name]) => name!)
    const listed = all.server.map(({ name, version }) => `${name}@${version}`)
    assert.deepEqual(listed.sort(), [...new Set(there)].sort())
  })

  it('is held to the lockfile: each has its version and its integrity', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    for (const { name, version, integrity } of all.server) {
      const locked = Object.entries<{ version: string; integrity: string }>(packages).filter(
        ([place, one]) => place.endsWith(`node_modules/${name}`) && one.version === version,
      )
      assert.ok(locked.length > 0, name)
      assert.ok(locked.every(([, one]) => one.integrity === integrity && integrity))
    }
  })

  it('is told of browsers as it is bundled for them', async () => {
    const widget = ['widget/*.ts', 'widget/work/*.ts', 'kinds/*/view.ts']
    // These build the others, on the server.
    const builders = /^widget\/(build|size)\.ts$|\/document\.ts$/
    assert.deepEqual(await bundled(widget, builders), [])
    assert.deepEqual(
      await bundled(['console/client/*.ts']),
      all.browser.map(({ name }) => name),
    )
    for (const { path, body } of ASSETS.filter(({ path }) => path.includes('/chart-')))
      assert.match(body.toString(), /\/\*! With uPlot, copyright/, path)
  })
})

/** The packages that get into what is made of these files of `src`. */
async function bundled(patterns: string[], except = /^$/): Promise<string[]> {
  const src = join(ROOT, 'src')
  const entryPoints = globSync(patterns, { cwd: src }).filter(
    (file) => !/\.(test|d)\.ts$/.test(file) && !except.test(file),
  )
  assert.ok(entryPoints.length > 3)
  const { metafile } = await build({
    ...{ entryPoints, absWorkingDir: src, outdir: '/', format: 'esm' },
    ...{ bundle: true, write: false, metafile: true, logLevel: 'silent' },
    plugins: [
      {
        name: 'styles',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.css$/ }, () => ({ contents: "export const css = ''" })),
      },
    ],
  })
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  return [...new Set(names)]
}

describe('what would be wrong', () => {
  it('is seen: a dependency of a dependency under the GPL, and one without a text', () => {
    const mit = { version: '1.0.0', license: 'MIT' }
    const root = installed(
      {
        '': { dependencies: { good: '1' } },
        'node_modules/good': { ...mit, dependencies: { viral: '1', bare: '1' } },
        'node_modules/good/node_modules/viral': { version: '2.0.0', license: 'GPL-3.0-only' },
        'node_modules/bare': mit,
        'node_modules/only-for-tests': { version: '1.0.0', license: 'GPL-3.0-only' },
      },
      { 'node_modules/good/LICENSE': 'The MIT License' },
    )
    const found = componentsOf(root)
    rmSync(root, { recursive: true })
    assert.deepEqual(
      found.map(({ purl, license, texts }) => [
        purl,
        whyAllowed('', license) !== null,
        texts.length,
      ]),
      [
        ['pkg:npm/bare@1.0.0', true, 0],
        ['pkg:npm/good@1.0.0', true, 1],
        ['pkg:npm/viral@2.0.0', false, 0],
      ],
    )
    assert.deepEqual(found[1]!.needs, ['pkg:npm/viral@2.0.0', 'pkg:npm/bare@1.0.0'])
  })

  it('is not read outside of where packages are', () => {
    for (const { texts } of licences().server)
      for (const { path } of texts)
        assert.match(relative(ROOT, path), /^(node_modules|src\/licenses\/texts)\//)
  })
})

describe('the bill of materials', () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)

  it('is CycloneDX 1.6 by its own schema, and a broken one is not', async () => {
    const text = await makeSbom(licences())
    assert.equal(await validator.validate(text), null)
    assert.notEqual(await validator.validate(text.replace('"library"', '"librarian"')), null)
  })

  it('lists each component once with what it needs, for the server and for browsers apart', async () => {
    const all = licences()
    const bom = JSON.parse(await makeSbom(all))
    const purls = [...all.server, ...all.source].map(({ purl }) => purl)
    assert.deepEqual(bom.components.map((one: { purl: string }) => one.purl).sort(), purls.sort())
    const refs = new Set(bom.dependencies.map((one: { ref: string }) => one.ref))
    assert.equal(refs.size, purls.length + 1)
    const fastify = bom.dependencies.find(({ ref }: { ref: string }) => /\/fastify@/.test(ref))
    assert.ok(fastify.dependsOn.some((one: string) => /\/pino@/.test(one)))

    const browser = await makeSbom(browserOnly(all))
    assert.equal(await validator.validate(browser), null)
    const names = JSON.parse(browser).components.map((one: { name: string }) => one.name)
    assert.deepEqual(
      names,
      all.browser.map(({ name }) => name),
    )
  })

  it('is the same bytes whenever it is made', async () => {
    assert.equal(await makeSbom(licences()), await makeSbom(licences(ROOT)))
  })
})
