import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openStage, type Stage } from '../browser/stage.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import { FRAMEWORKS, type Home, openHome } from './home.ts'
import { type EXAMPLES, HOST, settingsFor, visitExample } from './visit.ts'

/** A framework that builds and serves whole applications. */
interface App {
  build: string[]
  start: string[]
  /** Its pages that have a form. */
  pages: string[]
}

const bin = (file: string) => join(FRAMEWORKS, 'node_modules', file)
const next = bin('next/dist/bin/next')

const APPS: Record<(typeof EXAMPLES.apps)[number], App> = {
  next: {
    build: [next, 'build'],
    start: [next, 'start', '-H', '127.0.0.1'],
    pages: ['/', '/action', '/old'],
  },
  nuxt: {
    build: [bin('nuxt/bin/nuxt.mjs'), 'build'],
    start: ['.output/server/index.mjs'],
    pages: ['/'],
  },
  sveltekit: {
    build: [bin('vite/bin/vite.js'), 'build'],
    start: ['build'],
    pages: ['/', '/endpoint'],
  },
}

/** They ask nobody, and tell nobody. */
const QUIET = {
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  CI: '1',
}

let stage: Stage
let home: Home
beforeAll(async () => {
  stage = await openStage()
  home = openHome()
})
afterAll(async () => {
  home?.remove()
  await stage?.close()
})

for (const [name, { build, start, pages }] of Object.entries(APPS)) {
  describe(`an application of ${name}`, () => {
    let origin: string
    beforeAll(async () => {
      const port = String(await freePort())
      origin = `http://${HOST}:${port}`
      const settings = {
        ...settingsFor(stage),
        ...QUIET,
        NODE_ENV: 'production',
        PORT: port,
        HOST: '127.0.0.1',
        ORIGIN: origin,
      }
      await home.finish(name, build, settings)
      home.start(name, start, settings)
      await until(() => fetch(`http://127.0.0.1:${port}`).then(Boolean, () => false), 'it listens')
    }, 600_000)

    for (const path of pages) {
      it(`lets a visitor of ${path} in once, and nobody else`, () =>
        visitExample(stage, origin + path))
    }
  })
}
