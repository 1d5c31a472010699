import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { assets } from '../pages/assets.ts'
import { accountPages } from './account/index.ts'
import { ASSETS } from './assets.ts'
import { consoleScope } from './http.tsx'
import { joinPage } from './join.tsx'
import { keysPages } from './keys.tsx'
import { logPages } from './log.tsx'
import { accountsPages } from './operator/accounts.tsx'
import { invitationsPage } from './operator/invitations.tsx'
import { servicePages } from './operator/service.tsx'
import { promisesPages } from './promises/index.ts'
import { sitePages } from './site/index.ts'
import { sitesPages } from './sites.tsx'
import { termsPage } from './terms.tsx'

/** The developers' and the operator's pages, under `/console`. */
export function consolePages(app: FastifyInstance, context: Context) {
  if (!context.config.console) return
  assets(app, ASSETS)
  app.register(
    async (part) => {
      const scope = await consoleScope(part, context)
      accountPages(scope)
      sitesPages(scope)
      sitePages(scope)
      keysPages(scope)
      logPages(scope)
      termsPage(scope)
      joinPage(scope)
      accountsPages(scope)
      invitationsPage(scope)
      servicePages(scope)
      promisesPages(scope)
    },
    { prefix: '/console' },
  )
}
