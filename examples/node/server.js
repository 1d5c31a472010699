import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { verify } from 'one-captcha/verify'
import { html, listening, options, port } from '../page.js'

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') {
    return response.setHeader('content-type', 'text/html').end(html)
  }
  const form = new URLSearchParams(await text(request))
  const finding = await verify(form.get('one-captcha-response'), options)
  if (!finding.passed) {
    return response.writeHead(403).end(JSON.stringify({ reason: finding.reason }))
  }
  response.end(JSON.stringify({ welcome: form.get('who') }))
})

server.listen(Number(port), () => listening(server.address()))
