import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

let registered = false

/** Lets Node load `.tsx`: it strips types by itself, but knows no JSX. Call it before importing any page. */
export function registerTsx(): void {
  if (registered) return
  registered = true
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith('.tsx')) return nextLoad(url, context)
      const file = fileURLToPath(url)
      const { code } = transformSync(readFileSync(file, 'utf8'), {
        loader: 'tsx',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        format: 'esm',
        target: 'node24',
        sourcefile: file,
      })
      return { format: 'module', source: code, shortCircuit: true }
    },
  })
}
