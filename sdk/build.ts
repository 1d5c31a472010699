/**
 * Builds the package into `dist/`, or into the folder that is named: each module as ESM and as CommonJS, with its types
 * beside it. `node build.ts [FOLDER]`
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const HERE = dirname(fileURLToPath(import.meta.url))
const SOURCE = join(HERE, 'src')
const dist = resolve(process.argv[2] ?? join(HERE, 'dist'))
const esm = join(dist, 'esm')
const cjs = join(dist, 'cjs')
/** The component for Angular, as its compiler made it of `angular/one-captcha.ts`. */
const ANGULAR = join(HERE, 'angular/compiled')

rmSync(dist, { recursive: true, force: true })
for (const format of ['esm', 'cjs'] as const) {
  await build({
    entryPoints: readdirSync(SOURCE)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => join(SOURCE, file)),
    outdir: join(dist, format),
    format,
    target: 'es2022',
    platform: 'neutral',
    plugins: [
      {
        // Each module stays a file of its own, so that a site's bundler takes no more than it needs.
        name: 'as-they-are',
        setup: (pass) =>
          pass.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
            contents: readFileSync(path, 'utf8').replace(/(from '\.\/[^']+)\.ts'/g, "$1.js'"),
            loader: 'ts',
          })),
      },
    ],
  })
}
const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
)
const { status } = spawnSync(process.execPath, [tsc, '-p', HERE, '--outDir', esm], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)

mkdirSync(cjs, { recursive: true })
for (const file of readdirSync(esm)) {
  if (!file.endsWith('.d.ts')) continue
  const types = readFileSync(join(esm, file), 'utf8').replace(/(from '\.\/[^']+)\.ts'/g, "$1.js'")
  writeFileSync(join(esm, file), types)
  cpSync(join(esm, file), join(cjs, file))
}
// As all of Angular's packages, for import alone.
cpSync(ANGULAR, esm, { recursive: true })
// The package is of modules; this folder is not.
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n')
