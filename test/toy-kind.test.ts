import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { blocksOf } from './docs/blocks.ts'
import { openBrowser, type TestBrowser } from './support/browser.ts'
import { type Program, startProgram } from './support/program.ts'

const ROOT = join(import.meta.dirname, '..')
/** Inside the project, so that the copy finds the same packages. */
mkdirSync(join(ROOT, 'test-results'), { recursive: true })
const copy = mkdtempSync(join(ROOT, 'test-results/toy-'))

let program: Program
let browser: TestBrowser

beforeAll(async () => {
  // Without the documents: what they are for is tried apart, and the service does without.
  for (const part of ['src', 'package.json'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true })
  mkdirSync(join(copy, 'src/kinds/sum'))
  // What the page shows is what is tried, all of it.
  const [server, view, ...others] = blocksOf('docs/adding-a-kind.md')
  assert.deepEqual([server!.language, view!.language, others], ['ts', 'ts', []])
  writeFileSync(join(copy, 'src/kinds/sum/sum.ts'), server!.text)
  writeFileSync(join(copy, 'src/kinds/sum/view.ts'), view!.text)
  edit(
    'src/kinds/index.ts',
    (text) =>
      // In place of the slider, so that the visitor is sure to meet it.
      `import { sum } from './sum/sum.ts'\n${text.replace('slider(painter) as Kind', 'sum as Kind')}`,
  )
  edit('src/widget/views.ts', (text) =>
    text.replace('= {', "= {\n  sum: () => import('../kinds/sum/view.ts'),"),
  )
  program = await startProgram(join(copy, 'data'), { ONE_CAPTCHA_DEMO: 'on' }, [], copy)
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await program?.stop()
  rmSync(copy, { recursive: true, force: true })
})

describe('a kind made by copying a folder and adding two lines', () => {
  it('is asked, shown and judged like those that are built in', async () => {
    const page = await browser.newPage()
    await page.goto(`${program.url}/demo`)
    await page.getByRole('checkbox').click()
    await page.getByText('Add the numbers').waitFor()
    const text = await page
      .locator('one-captcha')
      .getByText(/\d+ \+ \d+ =/)
      .textContent()
    const [a, b] = text!.match(/\d+/g)!.map(Number)
    await page.getByLabel('Sum').fill(String(a! + b!))
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.waitForFunction(
      () => (document.querySelector('[name=one-captcha-response]') as HTMLInputElement)?.value,
    )
    assert.ok(await page.getByRole('checkbox').isChecked())
  })
})

function edit(file: string, change: (text: string) => string) {
  const before = readFileSync(join(copy, file), 'utf8')
  const after = change(before)
  assert.notEqual(after, before, `${file} is not as docs/adding-a-kind.md says`)
  writeFileSync(join(copy, file), after)
}
