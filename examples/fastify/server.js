import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import { oneCaptcha } from 'one-captcha/fastify'
import { html, listening, options, port } from '../page.js'

const app = Fastify()
app.register(formbody)

app.get('/', (_, reply) => reply.type('text/html').send(html))
app.post('/join', { preHandler: oneCaptcha(options) }, (request) => ({ welcome: request.body.who }))

await app.listen({ port: Number(port) })
listening(app.server.address())
