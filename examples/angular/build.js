/** What Angular's CLI does with an application: compiles it ahead of time, links what libraries bring, and bundles it. */
import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import linker from '@angular/compiler-cli/linker/babel'
import { transformAsync } from '@babel/core'
import { build } from 'esbuild'

const compiler = fileURLToPath(import.meta.resolve('@angular/compiler-cli'))
const ngc = compiler.replace(/index\.js$/, 'src/bin/ngc.js')
const { status } = spawnSync(process.execPath, [ngc, '-p', '.', '--outDir', 'dist/compiled'], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(1)

await build({
  entryPoints: ['dist/compiled/main.js'],
  outfile: 'dist/main.js',
  bundle: true,
  minify: true,
  define: { ngDevMode: 'false', ngServerMode: 'false' },
  plugins: [
    {
      name: 'linker',
      setup: (pass) =>
        pass.onLoad({ filter: /node_modules.*\.m?js$/ }, async ({ path }) => {
          const text = await readFile(path, 'utf8')
          if (!text.includes('ɵɵngDeclare')) return null
          const plugins = [linker]
          const linked = await transformAsync(text, { filename: path, plugins, compact: false })
          return { contents: linked.code, loader: 'js' }
        }),
    },
  ],
})
