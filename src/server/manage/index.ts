import type { FastifyInstance, FastifySchema } from 'fastify'
import type { Context } from '../../context.ts'
import { accountRoutes } from './accounts.ts'
import { auditRoutes } from './audit.ts'
import { onlyCallers } from './callers.ts'
import { incidentRoutes } from './incidents.ts'
import { keyRoutes } from './keys.ts'
import { maintenanceRoutes } from './maintenances.ts'
import { memberRoutes } from './members.ts'
import { NoQuery, REFUSALS } from './schemas.ts'
import { siteRoutes } from './sites.ts'
import { webhookRoutes } from './webhooks.ts'

/** The management API: all that the console can, for programs with a key. No page of any origin may call it. */
export function manageApi(app: FastifyInstance, context: Context) {
  app.register(async (scope) => {
    onlyCallers(scope, context)
    scope.addHook('onRoute', (route) => {
      route.schema = complete(route.schema)
    })
    for (const routes of [siteRoutes, memberRoutes, keyRoutes, auditRoutes, accountRoutes]) {
      routes(scope, context.manage)
    }
    maintenanceRoutes(scope, context.status, context.tools.now)
    incidentRoutes(scope, context.status)
    webhookRoutes(scope, context.notices)
  })
}

/** What holds for every route: it takes a key, nothing in the query that it does not name, and can refuse. */
function complete(schema: FastifySchema = {}): FastifySchema {
  return {
    security: [{ key: [] }],
    querystring: NoQuery,
    ...schema,
    response: { ...(schema.response as object), ...REFUSALS },
  }
}
