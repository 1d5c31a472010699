import type { Actor } from '../manage/manage.ts'
import type {
  Incident,
  IncidentState,
  IncidentWish,
  Maintenance,
  MaintenanceWish,
} from '../store/store.ts'
import type { Component } from './components.ts'
import type { Snapshot } from './snapshot.ts'
import type { MaintenanceState } from './standing.ts'

/** What people should know now: windows that run or begin within fourteen days, and what is wrong. */
export interface News {
  maintenances: (Maintenance & { state: MaintenanceState })[]
  incidents: (Incident & { state: IncidentState })[]
}

/** How the service is and was; maintenance, incidents. */
export interface Status {
  /** Out of memory, at most some seconds old; the last that was known while the store is away. */
  news(): News
  /** The window that has paused challenges now; null for none. Out of memory: every challenge asks. */
  paused(): Maintenance | null
  /** The window that runs, or begins within a day, and what visitors' pages are told of it; null for none. */
  soon(): { startsAt: number; endsAt: number } | null
  /** All that is public, at most some seconds old. Never rejects: what is missing is said. */
  snapshot(): Promise<Snapshot>
  /** What was, before a moment; the last to begin first. */
  past(before: number | undefined): Promise<Past>

  /** For operators. The newest first, those that are over as well. */
  maintenances(
    actor: Actor,
    before?: number,
  ): Promise<(Maintenance & { state: MaintenanceState })[]>
  maintenance(actor: Actor, id: string): Promise<Maintenance & { state: MaintenanceState }>
  announce(actor: Actor, wish: MaintenanceWish): Promise<Maintenance>
  /** @param sequence of which it is a change; rejects with `revision-outdated` if it is at another by now */
  change(
    actor: Actor,
    id: string,
    changes: Partial<MaintenanceWish>,
    sequence?: number,
  ): Promise<Maintenance>
  cancel(actor: Actor, id: string): Promise<Maintenance>
  complete(actor: Actor, id: string): Promise<Maintenance>

  incidents(actor: Actor, before?: number): Promise<Incident[]>
  incident(actor: Actor, id: string): Promise<Incident>
  open(actor: Actor, wish: IncidentOrder): Promise<Incident>
  update(actor: Actor, id: string, update: IncidentWish & IncidentChanges): Promise<Incident>
}

/** @param startedAt absent for now */
export type IncidentOrder = Pick<Incident, 'title' | 'impact' | 'cause' | 'components'> &
  IncidentWish & { startedAt?: number }

export type IncidentChanges = Partial<Pick<Incident, 'impact' | 'cause' | 'components'>>

/** A page of what was. */
export interface Past {
  maintenances: Maintenance[]
  incidents: Incident[]
  /** Where the next page begins; null on the last. */
  next: number | null
}

export type { Component }
