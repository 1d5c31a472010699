/**
 * Compiles the component for Angular into `compiled/`, or into the folder that is named, for any application of Angular to
 * link. Angular's own compiler does it, which is installed for the tests alone; so what it makes is kept, and a test
 * makes it anew and compares. `node compile.ts [FOLDER]`
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const HERE = import.meta.dirname
const NGC = '../../test/sdk/node_modules/@angular/compiler-cli/bundles/src/bin/ngc.js'
const folder = resolve(process.argv[2] ?? join(HERE, 'compiled'))

const made = mkdtempSync(join(tmpdir(), 'one-captcha-angular-'))
const { status } = spawnSync(process.execPath, [join(HERE, NGC), '-p', HERE, '--outDir', made], {
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)

mkdirSync(folder, { recursive: true })
for (const end of ['js', 'd.ts']) {
  const text = readFileSync(join(made, `angular/one-captcha.${end}`), 'utf8')
  // In the package, both lie in one folder.
  const here = text.replace(/(['"])\.\.\/src\/element\.[jt]s\1/g, "'./element.js'")
  writeFileSync(join(folder, `angular.${end}`), here)
}
rmSync(made, { recursive: true })
