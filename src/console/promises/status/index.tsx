import type { MaintenanceState } from '../../../status/standing.ts'
import { componentWords } from '../../../status/words.ts'
import type { Incident, Maintenance } from '../../../store/store.ts'
import { page, type Scope } from '../../http.tsx'
import { Badge, Card, Empty, Table, When } from '../../parts.tsx'
import { PromisesFrame } from '../frame.tsx'
import { TAB } from './choices.ts'
import { incidentPages } from './incident.tsx'
import { maintenancePages } from './maintenance.tsx'

/** Where an operator announces maintenance, and tells of what went wrong. */
export function statusPages(scope: Scope) {
  const { status } = scope.context
  page(scope, '/promises/status', {
    operator: true,
    get: async ({ actor }) => {
      const [windows, incidents] = await Promise.all([
        status.maintenances(actor),
        status.incidents(actor),
      ])
      return <All windows={windows} incidents={incidents} />
    },
  })
  maintenancePages(scope)
  incidentPages(scope)
}

interface AllProps {
  windows: (Maintenance & { state: MaintenanceState })[]
  incidents: Incident[]
}

function All({ windows, incidents }: AllProps) {
  const announce = (
    <a class="button" href={`${TAB}/maintenance/add`}>
      Announce maintenance
    </a>
  )
  const tell = <a href={`${TAB}/incidents/add`}>Open an incident</a>
  return (
    <PromisesFrame tab={TAB} action={announce}>
      <p>
        What everybody sees is at <a href="/status">/status</a>.
      </p>
      {incidents.length === 0 ? (
        <Empty title="No incident is known" action={tell}>
          When something goes wrong, say so early: what is seen, and what is done. Each update goes
          to everybody who has an account.
        </Empty>
      ) : (
        <Card title="Incidents" aside={tell}>
          <Table
            caption="Incidents, the last to begin first"
            rows={incidents}
            columns={[
              {
                title: 'Incident',
                cell: ({ id, title, components }) => (
                  <>
                    <a href={`${TAB}/incidents/${id}`}>{title}</a>
                    <span class="hint">{componentWords(components)}</span>
                  </>
                ),
              },
              { title: 'Began', cell: ({ startedAt }) => <When at={startedAt} /> },
              { title: 'Standing', cell: ({ updates }) => <Badge state={updates[0]!.state} /> },
            ]}
          />
        </Card>
      )}
      {windows.length === 0 ? (
        <Empty title="No maintenance was announced">
          Whoever relies on the service wants to know before it is looked after. What you announce
          goes out by mail, webhook, feed and calendar, and the widget tells visitors.
        </Empty>
      ) : (
        <Card title="Maintenance">
          <Table
            caption="Windows, the last to begin first"
            rows={windows}
            columns={[
              {
                title: 'Window',
                cell: ({ id, title, components }) => (
                  <>
                    <a href={`${TAB}/maintenance/${id}`}>{title}</a>
                    <span class="hint">{componentWords(components)}</span>
                  </>
                ),
              },
              { title: 'Begins', cell: ({ startsAt }) => <When at={startsAt} /> },
              { title: 'Ends', cell: ({ endsAt }) => <When at={endsAt} /> },
              { title: 'Standing', cell: ({ state }) => <Badge state={state} /> },
            ]}
          />
        </Card>
      )}
    </PromisesFrame>
  )
}
