import express from 'express'
import { RecaptchaV2, RecaptchaV3 } from 'express-recaptcha'
import { askEach, join } from './calls.js'

/** One server: the path says which version of the client stands before it, and with which secret. */
const app = express()
app.use(express.urlencoded({ extended: false }))
app.post(
  '/:version/:secret',
  (request, response, next) => {
    const Client = request.params.version === '3' ? RecaptchaV3 : RecaptchaV2
    const client = new Client('sitekey', request.params.secret, { checkremoteip: true })
    client.middleware.verify(request, response, next)
  },
  ({ recaptcha: { error, data } }, response) => response.json({ passed: !error, error, ...data }),
)
const server = app.listen(0, '127.0.0.1')

await askEach(async ({ secret, token, version, from = '203.0.113.7' }) => {
  const headers = { 'x-forwarded-for': from }
  return (await join(server, `/${version}/${secret}`, token, headers)).json()
})
server.close()
server.closeAllConnections()
