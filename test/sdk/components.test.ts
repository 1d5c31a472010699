import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Person } from '../browser/person.ts'
import { openStage, type Stage } from '../browser/stage.ts'
import { until } from '../support/until.ts'
import { type Home, openHome, SDK } from './home.ts'
import { EXAMPLES } from './visit.ts'

let stage: Stage
let home: Home
beforeAll(async () => {
  home = openHome()
  await home.finish('angular', ['build.js'])
  stage = await openStage()
})
afterAll(async () => {
  home?.remove()
  await stage?.close()
})

/** A page's script, as its owner's tools would bundle it. */
async function bundle(from: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // An empty one: that of this repository is not the example's.
    tsconfigRaw: {},
    logLevel: 'error',
    ...from,
  })
  return outputFiles![0]!.text.replaceAll('</script', '<\\/script')
}

/** Takes packages from another project of this repository than the SDK's frameworks. */
function installedFor(project: string, filter: RegExp): Plugin {
  const resolveDir = join(import.meta.dirname, '../..', project)
  return {
    name: 'installed-for',
    setup: (pass) =>
      pass.onResolve({ filter }, ({ path, kind, pluginData }) =>
        pluginData === resolveDir
          ? null
          : pass.resolve(path, { kind, resolveDir, pluginData: resolveDir }),
      ),
  }
}

const root = () =>
  `<div id="root" data-service="${stage.service.url}" data-sitekey="${stage.sites.checkbox.sitekey}"></div>`

async function open(file: string): Promise<Person> {
  const script = await bundle({ entryPoints: [join(home.folder, file)] })
  const body = `${root()}<script>${script}</script>`
  return stage.visit(stage.sites.checkbox.page(body, { script: false }))
}

for (const [name, file] of Object.entries(EXAMPLES.components)) {
  describe(`the component for ${name}`, () => {
    it('loads the script once, tells of the token, and keeps it when something else changes', async () => {
      const person = await open(file)
      const { page, widget } = person
      await widget.getByRole('checkbox').waitFor()
      assert.equal(await page.locator('script[src]').count(), 1 + (await widgetScripts(page)))
      assert.equal(await widget.getAttribute('action'), 'join')
      assert.equal(await widget.getAttribute('theme'), 'light')
      const button = page.getByRole('button', { name: 'Join' })

      await page.getByRole('button', { name: 'Verify' }).click()
      await until(async () => (await page.locator('output').textContent()) !== '', 'it is told')
      assert.equal(await page.locator('output').textContent(), await person.token())

      await page.getByRole('button', { name: 'Dark' }).click()
      await until(async () => (await widget.getAttribute('theme')) === 'dark', 'it is dark')
      assert.notEqual(await person.token(), '')
      await button.waitFor()
      await stage.join(person, stage.sites.checkbox)
      const finding = stage.sites.checkbox.findings.at(-1)
      assert.equal(finding?.action, 'join')
    })
  })
}

/** How many scripts the widget's loader brought. */
function widgetScripts(page: Person['page']): Promise<number> {
  return page.locator('script[src]:not([src$="/v1/widget.js"])').count()
}

describe('in a component of Svelte', () => {
  for (const [what, directive] of [
    ['the action', 'use:captcha={props}'],
    ['the attachment', '{@attach oneCaptcha(props)}'],
  ] as const) {
    it(`${what} shows the widget, follows its props, and goes with its element`, async () => {
      const { checkbox } = stage.sites
      const { compile } = createRequire(join(home.folder, 'index.js'))('svelte/compiler')
      const { js } = compile(
        `<script>
          import { captcha, oneCaptcha } from 'one-captcha/svelte'
          let theme = $state('light')
          let shown = $state(true)
          let token = $state('')
          const props = $derived({
            service: '${stage.service.url}', sitekey: '${checkbox.sitekey}', action: 'join', theme,
            onVerified: (good) => { token = good },
          })
        </script>
        <form method="post">
          {#if shown}<div ${directive}></div>{/if}<output>{token}</output>
          <button type="button" onclick={() => { theme = 'dark' }}>Dark</button>
          <button type="button" onclick={() => { shown = false }}>Away</button>
        </form>`,
        { name: 'Join', generate: 'client' },
      )
      const text = await bundle({
        conditions: ['browser', 'production'],
        stdin: {
          resolveDir: home.folder,
          contents: `import { mount } from 'svelte'
            ${js.code.replace('export default', '')}
            mount(Join, { target: document.getElementById('root') })`,
        },
      })
      const url = checkbox.page(`${root()}<script>${text}</script>`, { script: false })
      const person = await stage.visit(url)
      const { page, widget } = person
      await person.box.waitFor()
      await page.getByRole('button', { name: 'Dark' }).click()
      await until(async () => (await widget.getAttribute('theme')) === 'dark', 'it is dark')
      await person.tick()
      await until(async () => (await page.locator('output').textContent()) !== '', 'it is told')
      assert.equal(await page.locator('output').textContent(), await person.token())
      await page.getByRole('button', { name: 'Away' }).click()
      await until(async () => (await page.locator('one-captcha').count()) === 0, 'it is gone')
    })
  }
})

describe('a page that React takes over', () => {
  it('keeps the field that the element has put in before', async () => {
    const { checkbox } = stage.sites
    const props = `{ sitekey: '${checkbox.sitekey}', action: 'join' }`
    const html = home.evaluate(`
      const { createElement } = await import('react')
      const { renderToString } = await import('react-dom/server')
      const { OneCaptcha } = await import('one-captcha/react')
      console.log(renderToString(createElement(OneCaptcha, ${props})))`)
    const text = await bundle({
      define: { 'process.env.NODE_ENV': '"development"' },
      stdin: {
        resolveDir: home.folder,
        loader: 'jsx',
        contents: `
          import { StrictMode, useEffect } from 'react'
          import { hydrateRoot } from 'react-dom/client'
          import { OneCaptcha } from 'one-captcha/react'
          globalThis.faults = []
          console.error = (...said) => faults.push(said.join(' '))
          const onRecoverableError = (error) => faults.push(error.message)
          const root = document.getElementById('root')
          function Then() {
            useEffect(() => void document.querySelector('one-captcha').execute(), [])
          }
          globalThis.takeOver = () => new Promise((resolve) => {
            const captcha = <OneCaptcha {...${props}} onVerified={resolve} />
            hydrateRoot(root, <><StrictMode>{captcha}</StrictMode><Then /></>, { onRecoverableError })
          })`,
      },
    })
    const body = `<form method="post"><div id="root">${html}</div></form><script>${text}</script>`
    const person = await stage.visit(checkbox.page(body))
    await person.box.waitFor()
    const token = await person.page.evaluate('takeOver()')
    assert.equal(await person.token(), token)
    assert.deepEqual(await person.page.evaluate('faults'), [])
  })
})

describe('a control of a form of Angular', () => {
  it('has the token for its value, can be emptied and put out of use; here in Angular 21, compiled in the browser', async () => {
    const { checkbox } = stage.sites
    const text = await bundle({
      // The one that is installed for the clients of other CAPTCHAs.
      plugins: [installedFor('test/clients', /^@angular\//)],
      define: { ngServerMode: 'false' },
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
      stdin: {
        resolveDir: home.folder,
        loader: 'ts',
        contents: `
          import '@angular/compiler'
          import { Component, provideZonelessChangeDetection, VERSION } from '@angular/core'
          import { FormControl, ReactiveFormsModule, Validators } from '@angular/forms'
          import { bootstrapApplication } from '@angular/platform-browser'
          import { OneCaptcha } from 'one-captcha/angular'
          const captcha = new FormControl('', Validators.required)
          @Component({
            selector: '#root',
            imports: [OneCaptcha, ReactiveFormsModule],
            template: '<form ngNoForm><ng-one-captcha sitekey="${checkbox.sitekey}" [formControl]="captcha" /></form>',
          })
          class Root {
            captcha = captcha
          }
          Object.assign(globalThis, { captcha, version: VERSION.major })
          bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] })`,
      },
    })
    const url = checkbox.page(`${root()}<script>${text}</script>`)
    const person = await stage.visit(url)
    const { page } = person
    await person.box.waitFor()
    assert.equal(await page.evaluate('version'), '21')
    const control = () => page.evaluate('[captcha.valid, captcha.touched, captcha.value]')
    assert.deepEqual(await control(), [false, false, ''])
    await person.tick()
    await until(async () => (await person.token()) !== '', 'there is a token')
    assert.deepEqual(await control(), [true, true, await person.token()])
    await page.evaluate('captcha.reset()')
    assert.deepEqual([await control(), await person.token()], [[false, false, null], ''])
    await page.evaluate('captcha.disable()')
    await page.locator('one-captcha:disabled').waitFor()
  })
})

describe('each component', () => {
  const [known] = /const ATTRIBUTES = [\s\S]*?\n\]/.exec(
    readFileSync(join(SDK, '../src/widget/adopt.ts'), 'utf8'),
  )!
  // The widget writes `mode` itself; `required` is no text, and has tests of its own below.
  const names = [...known.matchAll(/'(\w+)'/g)]
    .map((one) => one[1]!)
    .filter((name) => name !== 'mode' && name !== 'required')
  const props = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'x'])))

  it.each([
    [
      'React',
      `import { createElement } from 'react'
      import { renderToString } from 'react-dom/server'
      import { OneCaptcha } from 'one-captcha/react'
      console.log(renderToString(createElement(OneCaptcha, ${props})))`,
    ],
    [
      'Vue',
      `import { createSSRApp, h } from 'vue'
      import { renderToString } from 'vue/server-renderer'
      import { OneCaptcha } from 'one-captcha/vue'
      console.log(await renderToString(createSSRApp({ render: () => h(OneCaptcha, ${props}) })))`,
    ],
    [
      'Solid',
      `import { createComponent } from 'solid-js'
      import { renderToString } from 'solid-js/web'
      import { OneCaptcha } from 'one-captcha/solid'
      console.log(renderToString(() => createComponent(OneCaptcha, ${props})))`,
    ],
  ])('knows all attributes of the element: that of %s', (_, code) => {
    assert.ok(names.length > 12)
    const html = home.evaluate(code)
    for (const name of names) assert.ok(html.includes(` ${name}="x"`), name)
  })

  it('knows all attributes of the element: that of Angular', () => {
    const source = readFileSync(join(SDK, 'angular/one-captcha.ts'), 'utf8')
    for (const name of names) assert.ok(source.includes(`[attr.${name}]="${name}()"`), name)
  })
})

describe('on a server', () => {
  const sees = (html: string) => {
    assert.match(html, /<one-captcha[^>]* sitekey="ock_x"/)
    assert.match(html, / theme="dark"/)
    assert.match(html, / required(="")?[ >]/)
    assert.doesNotMatch(html, /secret|function|nonce/)
  }
  const PROPS = `{ service: 'https://captcha.example.org', nonce: 'n', sitekey: 'ock_x', theme: 'dark', required: true }`

  it('React renders the element', () => {
    for (const [type, load] of [
      ['module', (path: string) => `await import('${path}')`],
      ['commonjs', (path: string) => `require('${path}')`],
    ] as const) {
      sees(
        home.evaluate(
          `const { createElement } = ${load('react')}
          const { renderToString } = ${load('react-dom/server')}
          const { OneCaptcha } = ${load('one-captcha/react')}
          console.log(renderToString(createElement(OneCaptcha, ${PROPS})))`,
          type,
        ),
      )
    }
  })

  it('Vue renders the element', () => {
    for (const [type, load] of [
      ['module', (path: string) => `await import('${path}')`],
      ['commonjs', (path: string) => `require('${path}')`],
    ] as const) {
      sees(
        home.evaluate(
          `const { createSSRApp, h } = ${load('vue')}
          const { renderToString } = ${load('vue/server-renderer')}
          const { OneCaptcha } = ${load('one-captcha/vue')}
          renderToString(createSSRApp({ render: () => h(OneCaptcha, ${PROPS}) })).then(console.log)`,
          type,
        ),
      )
    }
  })

  it('Solid renders the element', () => {
    for (const [type, load] of [
      ['module', (path: string) => `await import('${path}')`],
      ['commonjs', (path: string) => `require('${path}')`],
    ] as const) {
      sees(
        home.evaluate(
          `const { renderToString } = ${load('solid-js/web')}
          const { createComponent } = ${load('solid-js')}
          const { OneCaptcha } = ${load('one-captcha/solid')}
          console.log(renderToString(() => createComponent(OneCaptcha, ${PROPS})))`,
          type,
        ),
      )
    }
  })

  it('loadWidget does nothing', () => {
    const code = `const { loadWidget } = await import('one-captcha/element')
      console.log(await loadWidget('https://captcha.example.org'))`
    assert.equal(home.evaluate(code), 'undefined')
  })
})

describe('loadWidget', () => {
  const script = (contents: string) =>
    bundle({ stdin: { contents, resolveDir: home.folder, loader: 'js' } })

  it('works under a policy of nonces and Trusted Types', async () => {
    const { checkbox } = stage.sites
    const service = stage.service.url
    const text = await script(`
      import { loadWidget } from 'one-captcha/element'
      const policy = trustedTypes.createPolicy('mine', { createScriptURL: (address) => address })
      const trust = (address) => policy.createScriptURL(address)
      loadWidget('${service}/', { nonce: 'abc', trust }).then(() => { document.title = 'Loaded' })`)
    const url = checkbox.page(
      `<one-captcha sitekey="${checkbox.sitekey}"></one-captcha><script nonce="abc">${text}</script>`,
      {
        script: false,
        headers: {
          'content-security-policy': `default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src ${service}; frame-src ${service}; require-trusted-types-for 'script'; trusted-types mine one-captcha`,
        },
      },
    )
    const person = await stage.visit(url)
    await person.box.waitFor()
    assert.equal(await person.page.title(), 'Loaded')
    await person.tick()
    await until(async () => (await person.token()) !== '', 'a token is there')
  })

  it('loads once, finds what the page itself has loaded, and tries again after a failure', async () => {
    const { checkbox } = stage.sites
    const text = await script(`
      import { loadWidget } from 'one-captcha/element'
      const service = '${stage.service.url}'
      globalThis.load = () => Promise.all([loadWidget(service), loadWidget(service + '/')])
        .then(() => 'loaded', (error) => error.message)`)
    const url = checkbox.page(`<script>${text}</script>`, { script: false })
    const { page } = await stage.visit(url)
    const load = () => page.evaluate('load()')
    const scripts = () => page.locator('script[src$="/v1/widget.js"]').count()
    await page.route('**/v1/widget.js', (route) => route.abort())
    assert.equal(await load(), 'The script of One Captcha could not be loaded.')
    assert.equal(await scripts(), 0)
    await page.unroute('**/v1/widget.js')
    assert.equal(await load(), 'loaded')
    assert.equal(await load(), 'loaded')
    assert.equal(await scripts(), 1)
  })
})
