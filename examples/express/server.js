import express from 'express'
import { oneCaptcha } from 'one-captcha/express'
import { html, listening, options, port } from '../page.js'

const app = express()
app.use(express.urlencoded({ extended: false }), express.json())

app.get('/', (_, response) => response.send(html))
app.post('/join', oneCaptcha(options), (request, response) => {
  response.json({ welcome: request.body.who })
})

const server = app.listen(Number(port), () => listening(server.address()))
