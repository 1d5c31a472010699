import type { Impact, Incident } from '../store/incidents.ts'
import type { Maintenance } from '../store/maintenances.ts'

/** How a window stands: it follows from the moments alone. */
export type MaintenanceState = 'scheduled' | 'in-progress' | 'completed' | 'cancelled'

/** How a window stands at a moment. */
export function stateOf(
  window: Pick<Maintenance, 'startsAt' | 'endsAt' | 'cancelledAt' | 'completedAt'>,
  now: number,
): MaintenanceState {
  if (window.cancelledAt !== null) return 'cancelled'
  if (window.completedAt !== null || now >= window.endsAt) return 'completed'
  return now >= window.startsAt ? 'in-progress' : 'scheduled'
}

/** What is told of a window by the clock. */
export type ByClock = 'reminder' | 'begun' | 'completed'

/** A reminder goes out this long before. */
const REMINDER_MS = 24 * 3_600_000

/** Whether it is time to tell this of a window. */
export function isTrue(window: Maintenance, event: ByClock, now: number): boolean {
  const state = stateOf(window, now)
  if (event === 'begun') return state === 'in-progress'
  if (event === 'completed') return state === 'completed'
  const { startsAt, announcedAt } = window
  // Who has just heard of it needs no reminder.
  return (
    state === 'scheduled' && startsAt - now <= REMINDER_MS && startsAt - announcedAt > REMINDER_MS
  )
}

/** When it was really over; for one that is not, when it is to be. */
export function endOf(window: Pick<Maintenance, 'endsAt' | 'completedAt'>): number {
  return window.completedAt ?? window.endsAt
}

/** How long an incident took, or takes until now. */
export function durationOf(
  { startedAt, resolvedAt }: Pick<Incident, 'startedAt' | 'resolvedAt'>,
  now: number,
): number {
  return Math.max(0, (resolvedAt ?? now) - startedAt)
}

export const STATES = ['investigating', 'identified', 'monitoring', 'resolved'] as const
export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const satisfies readonly Impact[]
export const CAUSES = ['unknown', 'ours', 'supplier', 'attack', 'force-majeure'] as const
export const EFFECTS = ['none', 'paused'] as const
