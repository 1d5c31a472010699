/** What a block of `docs/sdk.md` leaves out to be a whole program: what is before it and after it, beside its own imports. */
export interface Frame {
  before: string
  after: string
}

/** Serves a handler of the web's own requests at every path, and tells where. */
const SERVE = `
  import { createServer } from 'node:http'
  import { buffer } from 'node:stream/consumers'
  const serve = (handle) => createServer(async (incoming, outgoing) => {
    const { url, method, headers } = incoming
    const request = new Request('http://localhost' + url, { method, headers, body: await buffer(incoming) })
    const response = await handle(request)
    outgoing.writeHead(response.status).end(await response.text())
  }).listen(0, told)`

/** Tells the test where the program is. */
const TOLD = `
  function told() { console.log('http://localhost:' + this.address().port) }`

/** By the module that a block imports: how it becomes a server that answers a form with Welcome, or with 403. */
export const SERVERS: Record<string, Frame & { paths: string[] }> = {
  verify: {
    paths: ['/join'],
    before: `${SERVE}${TOLD}
      async function join(form) {
        const refuse = (reason) => new Response(reason, { status: 403 })`,
    after: `
        return new Response('Welcome')
      }
      serve(async (request) => join(await request.formData()))`,
  },
  express: {
    paths: ['/join'],
    before: `import express from 'express'
      const app = express()`,
    after: `${TOLD}
      const server = app.listen(0, () => told.call(server))`,
  },
  fastify: {
    paths: ['/join'],
    before: `import Fastify from 'fastify'
      import formbody from '@fastify/formbody'
      const app = Fastify()
      app.register(formbody)`,
    after: `${TOLD}
      await app.listen({ port: 0 })
      told.call(app.server)`,
  },
  hono: {
    paths: ['/join'],
    before: `import { Hono } from 'hono'
      const app = new Hono()`,
    after: `${SERVE}${TOLD}
      serve((request) => app.fetch(request))`,
  },
  koa: {
    paths: ['/join'],
    before: `import Koa from 'koa'
      import { bodyParser } from '@koa/bodyparser'
      const app = new Koa()
      app.use(bodyParser())`,
    after: `${TOLD}
      app.use((ctx) => { ctx.body = 'Welcome' })
      const server = app.listen(0, () => told.call(server))`,
  },
  nest: {
    paths: ['/join'],
    before: `import 'reflect-metadata'
      import { Controller, Module, Post, UseGuards } from '@nestjs/common'
      import { NestFactory } from '@nestjs/core'
      @Controller()
      class Join {`,
    after: `}${TOLD}
      @Module({ controllers: [Join] })
      class Root {}
      const app = await NestFactory.create(Root, { logger: false })
      await app.listen(0)
      told.call(app.getHttpServer())`,
  },
  next: {
    paths: ['/route', '/action', '/api'],
    before: '',
    after: `${SERVE}${TOLD}
      import api from './block.mjs'
      const answer = (code, body) => new Response(body, { status: code })
      serve(async (request) => {
        if (request.url.endsWith('/route')) return POST(request)
        const form = await request.formData()
        if (request.url.endsWith('/action')) {
          const said = await join(form)
          return answer(said === 'Welcome' ? 200 : 403, said)
        }
        let told
        const json = (body) => { told = body }
        let status = 200
        await api({ body: Object.fromEntries(form) }, { json, status: (code) => { status = code; return { json } } })
        return answer(status, JSON.stringify(told))
      })`,
  },
  sveltekit: {
    paths: ['/action', '/endpoint'],
    before: '',
    after: `${SERVE}${TOLD}
      serve(async (request) => {
        if (request.url.endsWith('/endpoint')) return POST({ request })
        const { welcome, status } = await actions.default({ request })
        return new Response(welcome && 'Welcome', { status: status ?? 200 })
      })`,
  },
  nuxt: {
    paths: ['/join'],
    before: `import { defineEventHandler } from 'h3'`,
    after: `${TOLD}
      import { createApp, toNodeListener } from 'h3'
      import { createServer } from 'node:http'
      import join from './block.mjs'
      createServer(toNodeListener(createApp().use(join))).listen(0, told)`,
  },
}

/** Blocks that show the element, by what tells them apart: each a program that writes the HTML that it makes. */
export const SHOWN: Record<string, (block: string) => string> = {
  jsx: (block) => {
    const [imports, element] = parts(block)
    return `${imports}
      import { renderToString } from 'react-dom/server'
      const setToken = () => {}
      console.log(renderToString(${element}))`
  },
  vue: (block) => `
    import { createSSRApp } from 'vue'
    import { renderToString } from 'vue/server-renderer'
    import { OneCaptcha } from 'one-captcha/vue'
    const app = { components: { OneCaptcha }, methods: { setToken() {} }, template: ${JSON.stringify(block)} }
    console.log(await renderToString(createSSRApp(app)))`,
  // The element comes with the action, in a browser: components.test.ts has both of them there.
  svelte: (block) => `
    import { compile } from 'svelte/compiler'
    const script = "<script>import { captcha, oneCaptcha } from 'one-captcha/svelte'; const { service, sitekey, onVerified } = $props()</script>"
    const { js, warnings } = compile(script + ${JSON.stringify(block)}, { generate: 'client' })
    if (warnings.length > 0) throw new Error(warnings.map(String).join())
    console.log(js.code)`,
}

/** A block's imports, and the rest. */
export function parts(block: string): [imports: string, rest: string] {
  const lines = block.split('\n')
  const after = lines.findLastIndex((line) => line.startsWith('import ')) + 1
  return [lines.slice(0, after).join('\n'), lines.slice(after).join('\n')]
}
