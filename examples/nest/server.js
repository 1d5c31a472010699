import 'reflect-metadata'
import { Body, Controller, Get, Module, Post, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { oneCaptcha } from 'one-captcha/nest'
import { html, listening, options, port } from '../page.js'

// In TypeScript: `@Post('join') @UseGuards(oneCaptcha(options)) join(@Body('who') who: string) { … }`
class Join {
  page() {
    return html
  }
  join(who) {
    return { welcome: who }
  }
}
const method = (name, ...decorators) => {
  for (const decorate of decorators) {
    decorate(Join.prototype, name, Object.getOwnPropertyDescriptor(Join.prototype, name))
  }
}
method('page', Get())
Body('who')(Join.prototype, 'join', 0)
method('join', UseGuards(oneCaptcha(options)), Post('join'))
Controller()(Join)

class App {}
Module({ controllers: [Join] })(App)

const app = await NestFactory.create(App, { logger: false })
await app.listen(Number(port))
listening(app.getHttpServer().address())
