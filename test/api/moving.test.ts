import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'
import { pathOf } from '../support/debian.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CLIENTS = `${ROOT}test/clients`
const read = (path: string) => readFileSync(path, 'utf8')
/** The versions that are named are those of Debian 12. */
const VERSION = '/etc/debian_version'
const DEBIAN_12 = existsSync(VERSION) && read(VERSION).startsWith('12.')

/** The version of a client that is installed; null for one of another Debian, which has other versions. */
function installed(name: string): string | null {
  switch (name) {
    case 'google/recaptcha':
      return DEBIAN_12 ? /php_([\d.]+)/.exec(read(pathOf('googleRecaptcha')))![1]! : null
    case 'recaptcha':
      return DEBIAN_12 ? /= '(.+?)'/.exec(read(pathOf('rubyRecaptcha')))![1]! : null
    default:
      return JSON.parse(read(`${ROOT}node_modules/${name}/package.json`)).version
  }
}

/** The clients of other CAPTCHAs that our tests' programs import. */
function imported(): Set<string> {
  const files = ['pages', 'backends'].flatMap((folder) =>
    readdirSync(`${CLIENTS}/${folder}`).map((file) => read(`${CLIENTS}/${folder}/${file}`)),
  )
  const names = files.flatMap((code) => [...code.matchAll(/from '([^.'][^']*)'/g)])
  return new Set(names.map(([, name]) => name!).filter((name) => /captcha|turnstile/.test(name)))
}

describe('docs/moving.md', () => {
  const rows = [...read(`${ROOT}docs/moving.md`).matchAll(/^\| `(.+?)`.*? \| ([\d.]+) \|/gm)]
  const named = new Map(rows.map(([, name, version]) => [name!, version!]))

  it('names the clients that are tried', () => {
    const tried = [...imported(), 'google/recaptcha', 'recaptcha']
    assert.deepEqual([...named.keys()].sort(), tried.sort())
  })

  it('names the versions that are installed', () => {
    for (const [name, version] of named) {
      const there = installed(name)
      if (there === null) continue
      assert.ok(`${there}.`.startsWith(`${version}.`), `${name} ${version} is ${there}`)
    }
  })
})
