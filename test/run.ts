/**
 * `npm test`: installs what the tests need, then runs everything, and ends with one line of totals.
 *
 * `npm test -- FILTER …` runs only the test files whose path has the filter in it, and installs only what they need.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing } from './support/debian.ts'
import { chosen, toolsOf } from './support/needs.ts'

const filters = process.argv.slice(2)
const totals = { passed: 0, failed: 0, skipped: 0 }

if (filters.length > 0) {
  installMissing(toolsOf(chosen(filters)))
} else {
  installMissing()
  check('format and lint', 'biome', ['check', '--error-on-warnings', '.'])
  check('types', 'tsc', ['-p', '.'])
  check('nothing unused', 'knip', ['--no-progress'])
}
tests()

const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`)
process.exit(totals.failed > 0 ? 1 : 0)

/** One tool counts as one check. */
function check(what: string, tool: string, args: string[]): void {
  console.log(`\n== ${what}`)
  const { status } = spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' })
  totals[status === 0 ? 'passed' : 'failed'] += 1
}

function tests(): void {
  console.log('\n== tests')
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-test-'))
  const file = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { status } = spawnSync('node_modules/.bin/vitest', ['run', ...reporters, ...filters], {
    stdio: 'inherit',
  })
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    totals.passed += report.numPassedTests
    totals.failed += report.numFailedTests
    totals.skipped += report.numPendingTests + report.numTodoTests
    // A file that could not even be loaded has no failed tests, and still is a failure.
    if (status !== 0 && report.numFailedTests === 0) totals.failed += 1
  } catch {
    totals.failed += 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}
