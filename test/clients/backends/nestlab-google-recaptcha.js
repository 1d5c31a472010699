import 'reflect-metadata'
import { Controller, Module, Post, Req } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { GoogleRecaptchaModule, Recaptcha } from '@nestlab/google-recaptcha'
import { askEach, join } from './calls.js'

/** An application with one secret. In TypeScript: `@Recaptcha({ action: 'login' }) @Post('3') join(@Req() request) { … }` */
async function start(secretKey) {
  class Join {
    told({ recaptchaValidationResult }) {
      return recaptchaValidationResult
    }
    old(request) {
      return this.told(request)
    }
    scored(request) {
      return this.told(request)
    }
  }
  const method = (name, ...decorators) => {
    Req()(Join.prototype, name, 0)
    for (const decorate of decorators) {
      decorate(Join.prototype, name, Object.getOwnPropertyDescriptor(Join.prototype, name))
    }
  }
  method('old', Recaptcha(), Post('2'))
  method('scored', Recaptcha({ action: 'login', score: 0.8 }), Post('3'))
  Controller()(Join)

  class App {}
  const response = (request) => request.body['g-recaptcha-response']
  Module({
    imports: [GoogleRecaptchaModule.forRoot({ secretKey, response, score: 0.5 })],
    controllers: [Join],
  })(App)
  const app = await NestFactory.create(App, { logger: false })
  await app.listen(0, '127.0.0.1')
  return app
}

const apps = new Map()
await askEach(async ({ secret, token, version }) => {
  if (!apps.has(secret)) apps.set(secret, await start(secret))
  const response = await join(apps.get(secret).getHttpServer(), `/${version}`, token)
  const { hostname, score, action, message } = await response.json()
  return {
    passed: response.status === 201,
    status: response.status,
    hostname,
    score,
    action,
    message,
  }
})
for (const app of apps.values()) await app.close()
