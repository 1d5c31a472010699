import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { buildWidget } from '../src/widget/build.ts'
import { journeyOf } from '../src/widget/size.ts'

/** Read as files: some packages do not export what a page loads from them. */
const MODULES = join(import.meta.dirname, '../node_modules')

/** What a page downloads to show each peer's box and to solve its work, as its package ships it. */
const PEERS: { name: string; puzzle: string; files: string[] }[] = [
  {
    name: 'friendly-challenge',
    puzzle: 'none',
    files: ['friendly-challenge/widget.module.min.js'],
  },
  {
    name: '@cap.js/widget with its wasm',
    puzzle: 'none',
    files: [
      '@cap.js/widget/cap.min.js',
      '@cap.js/wasm/browser/cap_wasm.js',
      '@cap.js/wasm/browser/cap_wasm_bg.wasm',
    ],
  },
]

/** Peers that come as modules: bundled and minified as a site would. */
const BUNDLED: { name: string; puzzle: string; entry: string }[] = [
  {
    name: '@private-captcha/private-captcha-js-core',
    puzzle: 'none',
    entry: '@private-captcha/private-captcha-js-core',
  },
  { name: 'altcha', puzzle: 'none', entry: 'altcha' },
]

/** The bytes that a visitor downloads, beside the peers that are on the registry. */
export async function sizes(): Promise<string> {
  const journey = journeyOf(await buildWidget())
  const box = journey.filter(([name]) => name !== 'slider')
  const bodies = (some: typeof journey) => some.map(([, part]) => part.body)

  const rows = [
    row('One Captcha: box, work', 'none', bodies(box)),
    row('One Captcha: box, work, slider', 'slider', bodies(journey)),
    ...PEERS.map(({ name, puzzle, files }) => row(name, puzzle, files.map(read))),
    ...(await Promise.all(
      BUNDLED.map(async ({ name, puzzle, entry }) => row(name, puzzle, [await bundle(entry)])),
    )),
  ]
  return [
    '### Bytes of a widget',
    '',
    '| | puzzle | raw | gzip 9 | brotli 11 |',
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

function read(file: string): Buffer {
  return readFileSync(join(MODULES, file))
}

async function bundle(entry: string): Promise<Buffer> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(entry)}`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  return Buffer.from(outputFiles[0]!.contents)
}

/** Files are compressed one by one, as they are sent. */
function row(name: string, puzzle: string, files: Buffer[]): string {
  const sum = (size: (file: Buffer) => number) =>
    files.reduce((total, file) => total + size(file), 0).toLocaleString('en')
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
  return `| ${name} | ${puzzle} | ${sum((f) => f.length)} | ${sum((f) => gzipSync(f, { level: 9 }).length)} | ${sum((f) => brotliCompressSync(f, brotli).length)} |`
}
