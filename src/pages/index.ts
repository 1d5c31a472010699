import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { assets } from './assets.ts'
import { breaches } from './breaches.tsx'
import { confidentiality } from './confidentiality.tsx'
import { demo } from './demo.tsx'
import { docs } from './docs/index.tsx'
import { feedback } from './feedback.tsx'
import { home } from './home.tsx'
import { licensePages } from './licenses.tsx'
import { noscript } from './noscript/noscript.tsx'
import { privacy } from './privacy.tsx'
import { promises } from './promises.tsx'
import { status } from './status.tsx'
import { termination } from './termination.tsx'
import { terms } from './terms.tsx'
import { unsubscribe } from './unsubscribe.tsx'

/** The public pages, for people. */
export function pages(app: FastifyInstance, context: Context) {
  app.decorate('around', { feedback: context.config.feedback })
  assets(app)
  home(app, context)
  demo(app, context)
  docs(app, context)
  feedback(app, context)
  noscript(app, context)
  privacy(app, context)
  licensePages(app, context)
  promises(app, context)
  confidentiality(app, context)
  termination(app, context)
  status(app, context)
  terms(app, context)
  breaches(app, context)
  unsubscribe(app, context)
}
