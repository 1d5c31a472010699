import type { ComponentChildren } from 'preact'
import { Draw, type Drawing } from './icons.tsx'
import { When } from './parts.tsx'
import { useVisit } from './visit.ts'

/** What everybody who is here should know now, a line each. Out of memory: it keeps no page waiting, and stops none. */
export function Banner() {
  const { context } = useVisit()
  const { upcoming } = context.terms.known()
  const { maintenances, incidents } = context.status.news()
  const lines = [
    ...incidents.map(({ id, title }) => (
      <Line drawing="bang">
        Something is wrong: <a href={`/status#${id}`}>{title}</a>
      </Line>
    )),
    ...maintenances.map(({ title, state, startsAt, endsAt }) => (
      <Line drawing="clock">
        {state === 'in-progress' ? 'Maintenance until ' : 'Maintenance on '}
        <When at={state === 'in-progress' ? endsAt : startsAt} />: <a href="/status">{title}</a>
      </Line>
    )),
    ...(upcoming === null
      ? []
      : [
          <Line drawing="info">
            The Terms change on <When at={upcoming.effectiveAt!} day />:{' '}
            <a href={`/terms/versions/${upcoming.number}`}>version {upcoming.number}</a>
          </Line>,
        ]),
  ]
  if (lines.length === 0) return null
  return (
    <aside class="news" aria-label="News">
      <ul>{lines}</ul>
    </aside>
  )
}

function Line({ drawing, children }: { drawing: Drawing; children: ComponentChildren }) {
  return (
    <li>
      <Draw what={drawing} />
      <span>{children}</span>
    </li>
  )
}
