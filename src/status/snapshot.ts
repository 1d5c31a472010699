import type { Incident, Maintenance } from '../store/store.ts'
import { COMPONENT_IDS, COMPONENTS, type Component, type Health, worst } from './components.ts'
import type { Record90 } from './days.ts'
import type { Look } from './look.ts'
import { stateOf } from './standing.ts'

/** How a part is: as it was looked at, or being looked after. */
export type ComponentState = Health | 'maintenance'

/** A part of the service as everybody sees it. */
export interface ComponentView extends Record90 {
  id: Component
  name: string
  does: string
  state: ComponentState
  /** Whole sentences; none where all is well. */
  why: string[]
}

/** When the doctor looked last, and what it found. */
export interface Examined {
  at: number
  failing: number
  warnings: number
}

/** All that is public of how the service is and was, at one moment. */
export interface Snapshot {
  at: number
  /** Since when what is remembered could not be read anew; null while it can. */
  awaySince: number | null
  state: ComponentState
  /** How it is, in a sentence. */
  sentence: string
  components: ComponentView[]
  /** Those that run, and those to come; the first to begin first. */
  running: Maintenance[]
  upcoming: Maintenance[]
  /** Incidents that are not resolved, and those of the last 90 days that are; the last to begin first. */
  open: Incident[]
  resolved: Incident[]
  /** Windows of the last 90 days that are over. */
  over: Maintenance[]
  examined: Examined | null
}

/** What is known of windows and incidents. */
export interface Board {
  maintenances: readonly Maintenance[]
  incidents: readonly Incident[]
}

/** How badly an incident of this impact hits what it hits. */
const HITS: Record<Incident['impact'], Health> = {
  none: 'good',
  minor: 'poor',
  major: 'bad',
  critical: 'bad',
}

/** Puts together what everybody may know. */
export function snapshotOf(parts: {
  now: number
  awaySince: number | null
  board: Board
  look: Look
  records: Record<Component, Record90>
  examined: Examined | null
}): Snapshot {
  const { now, awaySince, board, look, records, examined } = parts
  const standing = (window: Maintenance) => stateOf(window, now)
  const running = board.maintenances.filter((one) => standing(one) === 'in-progress')
  const upcoming = board.maintenances.filter((one) => standing(one) === 'scheduled')
  const over = board.maintenances.filter((one) => !running.includes(one) && !upcoming.includes(one))
  const open = board.incidents.filter(({ resolvedAt }) => resolvedAt === null)

  const components = COMPONENT_IDS.map((id): ComponentView => {
    const hits = open.filter((incident) => incident.components.includes(id))
    const { health, why } = look.found[id]
    const tended = running.some((window) => window.components.includes(id))
    return {
      ...{ id, ...COMPONENTS[id], ...records[id] },
      state: tended ? 'maintenance' : worst(health, ...hits.map(({ impact }) => HITS[impact])),
      why,
    }
  })
  const state = overall(components.map((component) => component.state))
  return {
    ...{ at: now, awaySince, components, state, examined },
    sentence: sentenceOf(state, components),
    running: running.sort((a, b) => a.startsAt - b.startsAt),
    upcoming: upcoming.sort((a, b) => a.startsAt - b.startsAt),
    over: over.sort((a, b) => b.startsAt - a.startsAt),
    open,
    resolved: board.incidents.filter(({ resolvedAt }) => resolvedAt !== null),
  }
}

function overall(states: readonly ComponentState[]): ComponentState {
  const health = worst(...states.filter((state) => state !== 'maintenance'))
  return health === 'good' && states.includes('maintenance') ? 'maintenance' : health
}

function sentenceOf(state: ComponentState, components: readonly ComponentView[]): string {
  if (state === 'good') return 'Everything works.'
  if (state === 'maintenance') return 'We are looking after the service, as announced.'
  if (state === 'poor') return 'Something is not as it should be.'
  return components.every((component) => component.state === 'bad')
    ? 'The service does not work just now.'
    : 'A part of the service does not work just now.'
}
