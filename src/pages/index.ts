import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { assets } from './assets.ts'
import { breaches } from './breaches.tsx'
import { demo } from './demo.tsx'
import { home } from './home.tsx'
import { privacy } from './privacy.tsx'
import { status } from './status.tsx'

/** The public pages, for people. */
export function pages(app: FastifyInstance, context: Context) {
  assets(app)
  home(app, context)
  demo(app, context)
  privacy(app, context)
  status(app, context)
  breaches(app, context)
}
