import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { feedOf } from '../status/atom.ts'
import { calendarOf } from '../status/calendar.ts'
import type { Snapshot } from '../status/snapshot.ts'
import type { Past } from '../status/status.ts'
import { dayWords } from '../status/words.ts'
import { StoreUnavailable } from '../store/store.ts'
import { Page, renderPage, sendPage } from './page.tsx'
import {
  Bars,
  dayWord,
  IncidentCard,
  Moment,
  STATE_NAMES,
  Standing,
  Uptime,
  WindowCard,
} from './status-parts.tsx'

/** On the page itself; there are more in the history. */
const PAST_MAX = 10
const FEED = { path: '/status/feed.atom', title: 'Maintenance and incidents' }

/** How the service is and was, for everybody: also while its database or its ledger is away. */
export function status(app: FastifyInstance, context: Context) {
  const { config, tools } = context
  const schema = { hide: true }
  const demo = context.demo !== null
  /** Who asks within some seconds gets the same: when everybody wants to know, telling them must cost nothing. */
  const pages = new WeakMap<Snapshot, string>()
  const originOf = (request: FastifyRequest) =>
    config.publicUrl ?? `${request.protocol}://${request.host}`

  app.get('/status', { schema }, async (_, reply) => {
    const snapshot = await context.status.snapshot()
    const page =
      pages.get(snapshot) ?? renderPage(<StatusPage snapshot={snapshot} demo={demo} />, app.around)
    pages.set(snapshot, page)
    return sendPage(reply, page)
  })

  app.get<{ Querystring: { before?: unknown } }>(
    '/status/history',
    { schema },
    async (request, reply) => {
      const { before } = request.query
      const from = typeof before === 'string' && /^\d{1,15}$/.test(before) ? Number(before) : null
      const past = await context.status.past(from ?? undefined).catch((error) => {
        if (error instanceof StoreUnavailable) return null
        throw error
      })
      return sendPage(reply, <History past={past} now={tools.now()} demo={demo} />)
    },
  )

  app.get(FEED.path, { schema }, async (request, reply) =>
    reply
      .type('application/atom+xml; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(feedOf(await context.status.snapshot(), originOf(request))),
  )

  app.get('/status/calendar.ics', { schema }, async (request, reply) =>
    reply
      .type('text/calendar; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-disposition', 'inline; filename="one-captcha-maintenance.ics"')
      .send(calendarOf(await context.status.snapshot(), originOf(request))),
  )
}

function StatusPage({ snapshot, demo }: { snapshot: Snapshot; demo: boolean }) {
  const { at, awaySince, state, sentence, components, running, upcoming, open } = snapshot
  const past = [
    ...snapshot.over.map((window) => ({ at: window.startsAt, window, incident: null })),
    ...snapshot.resolved.map((incident) => ({ at: incident.startedAt, window: null, incident })),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, PAST_MAX)
  return (
    <Page
      title={`${sentence} – Status of One Captcha`}
      description="How the service is and was, when it is looked after, and what went wrong."
      path="/status"
      demo={demo}
      feed={FEED}
    >
      <div class="stack">
        <h1>Status</h1>
        <div class={`overall ${state}`}>
          <Standing state={state} words={sentence} />
          <p class="hint">
            As of <Moment at={at} />
          </p>
        </div>
        {awaySince !== null && (
          <p class="callout">
            The database has not answered since <Moment at={awaySince} />. How each part is, this
            server sees by itself; everything else on this page is as it was last known.
          </p>
        )}
        {open.length + running.length > 0 && <h2>Just now</h2>}
        {open.map((incident) => (
          <IncidentCard incident={incident} now={at} />
        ))}
        {running.map((window) => (
          <WindowCard window={window} now={at} />
        ))}
      </div>

      <section class="stack" aria-labelledby="parts">
        <h2 id="parts">The parts of the service</h2>
        <ul class="components card">
          {components.map((component) => (
            <li>
              <div class="event-head">
                <h3>{component.name}</h3>
                <Standing state={component.state} words={STATE_NAMES[component.state]} />
              </div>
              <p class="hint">{component.does}</p>
              {component.why.map((why) => (
                <p>{why}</p>
              ))}
              <Bars component={component} />
              <Uptime component={component} />
            </li>
          ))}
        </ul>
        <details class="table">
          <summary>The same as a table</summary>
          <Table snapshot={snapshot} />
        </details>
        <p class="hint">
          Every server of the service looks at each part once a minute. Time in which challenges
          were paused as announced counts as time in which they did not work. Days are in UTC; the
          right end is today.
        </p>
      </section>

      <section class="stack" aria-labelledby="ahead">
        <h2 id="ahead">Planned maintenance</h2>
        {upcoming.length === 0 && <p>None is planned.</p>}
        {upcoming.map((window) => (
          <WindowCard window={window} now={at} />
        ))}
        <p class="links">
          <a href="/status/calendar.ics">Calendar (ICS)</a>
          <a href={FEED.path}>Feed (Atom)</a>
          <a href="/api/v2/summary.json">JSON</a>
        </p>
      </section>

      <section class="stack" aria-labelledby="past">
        <h2 id="past">What was</h2>
        {past.length === 0 && <p>Nothing went wrong in the last 90 days.</p>}
        {past.map(({ window, incident }) =>
          window ? (
            <WindowCard window={window} now={at} />
          ) : (
            <IncidentCard incident={incident!} now={at} />
          ),
        )}
        <p>
          <a href="/status/history">Everything that was</a>
        </p>
      </section>

      <section class="stack" aria-labelledby="checks">
        <h2 id="checks">The service examines itself</h2>
        <Examination snapshot={snapshot} />
      </section>
    </Page>
  )
}

function Examination({ snapshot: { examined } }: { snapshot: Snapshot }) {
  if (!examined) return <p>It has not looked yet.</p>
  const { at, failing, warnings } = examined
  const all = failing + warnings === 0
  return (
    <p>
      Last on <Moment at={at} />:{' '}
      {all
        ? 'everything was as it should be.'
        : `${failing} ${failing === 1 ? 'check' : 'checks'} failed, ${warnings} gave a warning. The operator was told.`}
    </p>
  )
}

function Table({ snapshot: { components } }: { snapshot: Snapshot }) {
  const days = components[0]!.days
    .map((_, i) => i)
    .filter((i) => components.some((component) => component.days[i]!.state !== 'none'))
    .reverse()
  if (days.length === 0) return <p>Nothing is measured yet.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also for those who have a keyboard alone
    <section class="scroll" aria-label="How each day was" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {components.map(({ name }) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((i) => (
            <tr>
              <th scope="row">{dayWords(components[0]!.days[i]!.startsAt)}</th>
              {components.map((component) => (
                <td>{dayWord(component.days[i]!)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function History({ past, now, demo }: { past: Past | null; now: number; demo: boolean }) {
  const events = past && [
    ...past.maintenances.map((window) => ({ at: window.startsAt, window, incident: null })),
    ...past.incidents.map((incident) => ({ at: incident.startedAt, window: null, incident })),
  ]
  events?.sort((a, b) => b.at - a.at)
  return (
    <Page
      title="History – Status of One Captcha"
      description="All maintenance and all incidents that there were."
      path="/status/history"
      demo={demo}
      feed={FEED}
    >
      <div class="stack">
        <h1>History</h1>
        <p>
          <a href="/status">How the service is now</a>
        </p>
        {!events && (
          <p class="callout">
            The database does not answer just now, so what was cannot be shown. Please come back
            later.
          </p>
        )}
        <h2>All maintenance and incidents</h2>
        {events?.length === 0 && <p>There is nothing to tell.</p>}
        {events?.map(({ window, incident }) =>
          window ? (
            <WindowCard window={window} now={now} />
          ) : (
            <IncidentCard incident={incident!} now={now} />
          ),
        )}
        {past?.next != null && (
          <p>
            <a href={`/status/history?before=${past.next}`}>What was before</a>
          </p>
        )}
      </div>
    </Page>
  )
}
