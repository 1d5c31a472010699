import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

/**
 * What is built from this folder, and the file of the product that carries it. Pages of memory are 64 kB. What a visitor
 * downloads is made small where that costs no time.
 */
export const MODULES = [
  {
    source: 'sha256-simd.ts',
    target: '../src/pow/sha256/simd.wasm.ts',
    features: ['simd'],
    pages: 1,
    shrink: 0,
  },
  {
    source: 'sha256-scalar.ts',
    target: '../src/pow/sha256/scalar.wasm.ts',
    features: [],
    pages: 1,
    shrink: 0,
  },
  {
    source: 'equix-solve.ts',
    target: '../src/pow/equix/solve.wasm.ts',
    features: [],
    pages: 54,
    shrink: 2,
  },
  {
    source: 'equix-verify.ts',
    target: '../src/pow/equix/verify.wasm.ts',
    features: [],
    pages: 1,
    shrink: 0,
  },
]

const fileText = (source: string, hex: string) => `// Built from assembly/${source} by assembly/build.ts.

/**
 * The module as hexadecimal digits: the widget embeds it, and digits keep whole bytes together, which compresses
 * better than base64 (and hardly worse than the bytes alone).
 */
export const WASM =
  '${hex}'
`

/** Builds one module, as the text of the file that carries it. */
export async function build({
  source,
  features,
  pages,
  shrink,
}: (typeof MODULES)[number]): Promise<string> {
  let wasm: Uint8Array | string | null = null
  const { error, stderr } = await main(
    [
      ...[source, '--outFile', 'out.wasm', '--baseDir', here('.')],
      ...['--optimizeLevel', '3', '--shrinkLevel', `${shrink}`, '--runtime', 'stub', '--noAssert'],
      ...['--initialMemory', `${pages}`, '--maximumMemory', `${pages}`],
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    { writeFile: (_, contents) => void (wasm = contents) },
  )
  if (error || !wasm) throw new Error(`${source} does not build: ${stderr}`, { cause: error })
  return fileText(source, Buffer.from(wasm).toString('hex'))
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

if (import.meta.main) {
  for (const module of MODULES) {
    await writeFile(here(module.target), await build(module))
    console.log(`Built ${module.source}.`)
  }
}
