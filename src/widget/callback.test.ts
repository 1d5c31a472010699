import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { callbackNamed } from './callback.ts'

const page = globalThis as Record<string, unknown>

beforeEach(() => {
  page.window = globalThis
})
afterEach(() => {
  for (const name of ['window', 'onPass', 'app', 'trap', 'bound']) delete page[name]
})

it('finds the page’s own functions, also inside its own objects', () => {
  page.onPass = () => {}
  page.app = { on: { pass() {} } }
  expect(callbackNamed('onPass')).toBe(page.onPass)
  expect(callbackNamed('app.on.pass')).toBeTypeOf('function')
})

it.each([
  'alert',
  'eval',
  'Function',
  'Object.assign',
  'constructor',
  'constructor.constructor',
  '__proto__',
  '__proto__.constructor',
  'location.assign',
  'document.write',
  'JSON.parse',
  'console.log',
  'onPass.constructor',
  'onPass.call',
  'onPass.bind',
  'app.constructor',
  'app.toString',
  'app.__proto__.toString',
  'missing',
  'app.missing.more',
  '',
  ' onPass',
  'onPass()',
  'onPass;alert',
  'app["on"]',
  'app..on',
  '.onPass',
  'x'.repeat(10_000),
])('does not reach %j', (name) => {
  page.onPass = () => {}
  page.app = { on: {} }
  // As a browser's: own properties of the window, but the browser's own, or behind accessors.
  page.alert ??= Math.max
  expect(callbackNamed(name)).toBe(null)
})

it('neither calls an accessor nor takes what it gives', () => {
  const get = vi.fn(() => () => {})
  Object.defineProperty(page, 'trap', { get, configurable: true })
  expect(callbackNamed('trap')).toBe(null)
  expect(get).not.toHaveBeenCalled()
})

it('takes a bound function for a built-in one', () => {
  page.bound = (() => {}).bind(null)
  expect(callbackNamed('bound')).toBe(null)
})

it('is not misled by a function that merely mentions native code', () => {
  page.onPass = () => '[native code]'
  expect(callbackNamed('onPass')).toBe(page.onPass)
})
