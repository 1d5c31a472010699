import type { Incident, IncidentState, Maintenance } from '../store/store.ts'
import type { ComponentState, ComponentView, Snapshot } from './snapshot.ts'
import { type MaintenanceState, stateOf } from './standing.ts'

const PAGE_ID = 'one-captcha'

const STATUS: Record<ComponentState, string> = {
  good: 'operational',
  poor: 'degraded_performance',
  bad: 'major_outage',
  maintenance: 'under_maintenance',
}

/** Where their words are not ours. */
const WINDOW_STATUS: Record<MaintenanceState, string> = {
  scheduled: 'scheduled',
  'in-progress': 'in_progress',
  completed: 'completed',
  // They know no word for it: what is cancelled is over.
  cancelled: 'completed',
}

/** What is public, in the shape of version 2 of Statuspage's API: what reads such pages reads ours. Outside names, only here. */
export function asStatuspage(snapshot: Snapshot, origin: string) {
  const { at, running, upcoming, over, open, resolved } = snapshot
  const page = {
    ...{ id: PAGE_ID, name: 'One Captcha', url: origin, time_zone: 'Etc/UTC' },
    updated_at: iso(at),
  }
  const components = snapshot.components.map((component, i) => componentOf(component, i + 1, at))
  const concerned = (ids: readonly string[]) => components.filter(({ id }) => ids.includes(id))
  const incident = (one: Incident) => ({
    ...{ id: one.id, name: one.title, status: one.updates[0]!.state, impact: one.impact },
    ...{ created_at: iso(one.createdAt), updated_at: iso(one.updates[0]!.at) },
    ...{ started_at: iso(one.startedAt), resolved_at: orNull(one.resolvedAt) },
    monitoring_at: orNull(one.updates.find(({ state }) => state === 'monitoring')?.at ?? null),
    ...{ shortlink: `${origin}/status#${one.id}`, page_id: PAGE_ID },
    incident_updates: one.updates.map((update) =>
      updateOf(one.id, update.id, update.state, update.body, update.at),
    ),
    components: concerned(one.components),
  })
  const maintenance = (one: Maintenance) => ({
    ...{ id: one.id, name: one.title, status: WINDOW_STATUS[stateOf(one, at)] },
    ...{ impact: 'maintenance', created_at: iso(one.createdAt), updated_at: iso(one.changedAt) },
    ...{ started_at: iso(one.startsAt), monitoring_at: null },
    resolved_at: orNull(one.cancelledAt ?? (stateOf(one, at) === 'completed' ? endAt(one) : null)),
    ...{ scheduled_for: iso(one.startsAt), scheduled_until: iso(one.endsAt) },
    ...{ shortlink: `${origin}/status#${one.id}`, page_id: PAGE_ID },
    incident_updates: [
      updateOf(
        ...([one.id, `${one.id}_${one.sequence}`, WINDOW_STATUS[stateOf(one, at)]] as const),
        ...([one.cancelledAt === null ? one.body : 'Cancelled.', one.changedAt] as const),
      ),
    ],
    components: concerned(one.components),
  })
  return {
    page,
    status: { indicator: indicatorOf(snapshot), description: snapshot.sentence },
    components,
    incidents: [...open, ...resolved].map(incident),
    unresolved: open.map(incident),
    maintenances: [...upcoming, ...running, ...over].map(maintenance),
    upcoming: upcoming.map(maintenance),
    active: running.map(maintenance),
  }
}

function componentOf({ id, name, does, state, days }: ComponentView, position: number, at: number) {
  const first = days.find(({ hours }) => hours > 0)?.startsAt ?? at
  return {
    ...{ id, name, status: STATUS[state], description: does, position, page_id: PAGE_ID },
    ...{ created_at: iso(first), updated_at: iso(at), start_date: iso(first).slice(0, 10) },
    ...{ showcase: true, group_id: null, group: false, only_show_if_degraded: false },
  }
}

function updateOf(
  incidentId: string,
  id: string,
  status: IncidentState | string,
  body: string,
  at: number,
) {
  return {
    ...{ id, incident_id: incidentId, status, body },
    ...{ created_at: iso(at), updated_at: iso(at), display_at: iso(at) },
    ...{ affected_components: null, deliver_notifications: true },
    ...{ custom_tweet: null, tweet_id: null },
  }
}

function indicatorOf({ state, components }: Snapshot): string {
  if (state !== 'bad') return { good: 'none', poor: 'minor', maintenance: 'maintenance' }[state]
  return components.every((component) => component.state === 'bad') ? 'critical' : 'major'
}

function endAt({ completedAt, endsAt }: Maintenance): number {
  return completedAt ?? endsAt
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function orNull(at: number | null): string | null {
  return at === null ? null : iso(at)
}
