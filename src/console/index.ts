import type { FastifyInstance } from 'fastify'
import { assets } from '../pages/assets.ts'
import { ASSETS } from './assets.ts'
import { consoleScope } from './http.tsx'
import { sitesPages } from './pages/sites.tsx'
import type { ConsoleContext } from './visit.ts'

/** The developers' and the operator's pages, under `/console`. */
export function console(app: FastifyInstance, context: ConsoleContext) {
  if (!context.config.console) return
  assets(app, ASSETS)
  app.register(
    async (scope) => {
      const pages = await consoleScope(scope, context)
      sitesPages(pages)
    },
    { prefix: '/console' },
  )
}
