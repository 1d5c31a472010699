import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { build, MODULES } from '../../assembly/build.ts'

it.each(MODULES)('$source gives the very bytes that are committed', async (module) => {
  const committed = await readFile(
    new URL(module.target, new URL('../../assembly/', import.meta.url)),
    'utf8',
  )
  expect(await build(module)).toBe(committed)
})
