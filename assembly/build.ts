import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

/** What is built from this folder, and the file of the product that carries it. */
export const MODULES = [
  { source: 'sha256-simd.ts', target: '../src/pow/sha256/simd.wasm.ts', features: ['simd'] },
  { source: 'sha256-scalar.ts', target: '../src/pow/sha256/scalar.wasm.ts', features: [] },
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
export async function build({ source, features }: (typeof MODULES)[number]): Promise<string> {
  let wasm: Uint8Array | string | null = null
  const { error, stderr } = await main(
    [
      ...[source, '--outFile', 'out.wasm', '--baseDir', here('.')],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--noAssert'],
      // One page, 64 kB: the table and the schedule need less than 2 kB.
      ...['--initialMemory', '1', '--maximumMemory', '1'],
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
