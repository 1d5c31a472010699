import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { assets } from './assets.ts'
import { breaches } from './breaches.tsx'
import { demo } from './demo.tsx'
import { feedback } from './feedback.tsx'
import { home } from './home.tsx'
import { licensePages } from './licenses.tsx'
import { privacy } from './privacy.tsx'
import { status } from './status.tsx'

/** The public pages, for people. */
export function pages(app: FastifyInstance, context: Context) {
  app.decorate('around', { feedback: context.config.feedback })
  assets(app)
  home(app, context)
  demo(app, context)
  feedback(app, context)
  privacy(app, context)
  licensePages(app, context)
  status(app, context)
  breaches(app, context)
}
