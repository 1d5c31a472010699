import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { oneCaptcha } from 'one-captcha/hono'
import { html, listening, options, port } from '../page.js'

const app = new Hono()

app.get('/', (c) => c.html(html))
app.post('/join', oneCaptcha(options), async (c) => {
  const json = c.req.header('content-type')?.startsWith('application/json')
  const { who } = json ? await c.req.json() : await c.req.parseBody()
  return c.json({ welcome: who })
})

serve({ fetch: app.fetch, port: Number(port) }, listening)
