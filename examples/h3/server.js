import { createServer } from 'node:http'
import { createApp, createRouter, defineEventHandler, readBody, toNodeListener } from 'h3'
import { protect } from 'one-captcha/nuxt'
import { html, listening, options, port } from '../page.js'

// In Nuxt, this is the default export of `server/api/join.post.ts`.
const join = defineEventHandler(
  protect(async (event) => ({ welcome: (await readBody(event)).who }), options),
)

const router = createRouter()
router.get(
  '/',
  defineEventHandler(() => html),
)
router.post('/join', join)

const server = createServer(toNodeListener(createApp().use(router)))
server.listen(Number(port), () => listening(server.address()))
