import assert from 'node:assert/strict'
import { it } from 'vitest'
import { TOOL_NAMES } from './support/debian.ts'
import { chosen, toolsOf } from './support/needs.ts'

it('finds of the programs that the tests run those which the chosen files need', () => {
  assert.deepEqual(toolsOf(chosen(['src/seal.test.ts'])), [])
  assert.deepEqual(toolsOf(chosen(['api/moving'])), ['googleRecaptcha', 'rubyRecaptcha'])
  assert.ok(toolsOf(chosen(['browser/modes'])).includes('chromium'))
  assert.deepEqual(toolsOf(chosen(['.test.'])), TOOL_NAMES)
})
