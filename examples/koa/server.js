import { bodyParser } from '@koa/bodyparser'
import Koa from 'koa'
import { oneCaptcha } from 'one-captcha/koa'
import { html, listening, options, port } from '../page.js'

const app = new Koa()
const guard = oneCaptcha(options)
app.use(bodyParser())
app.use((ctx, next) => (ctx.path === '/join' ? guard(ctx, next) : next()))
app.use((ctx) => {
  ctx.body = ctx.path === '/join' ? { welcome: ctx.request.body.who } : html
})

const server = app.listen(Number(port), () => listening(server.address()))
