import { type Day, percent } from '../status/days.ts'
import type { ComponentState, ComponentView } from '../status/snapshot.ts'
import { durationOf, endOf, type MaintenanceState, stateOf } from '../status/standing.ts'
import {
  CAUSE_WORDS,
  componentWords,
  dayWords,
  EFFECT_WORDS,
  IMPACT_WORDS,
  lastingWords,
  MAINTENANCE_WORDS,
  momentWords,
  STATE_WORDS,
  spanWords,
} from '../status/words.ts'
import type { Incident, Maintenance } from '../store/store.ts'
import { paragraphs } from '../typed-text.ts'

/** A moment, in UTC and written out: a reader needs no script to know which day it is. */
export function Moment({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{momentWords(at)}</time>
}

/** From when to when; a day is named once. */
function Span({ from, to }: { from: number; to: number }) {
  const [first, second] = spanWords(from, to).split(/,? to /) as [string, string]
  return (
    <>
      <time dateTime={new Date(from).toISOString()}>{first}</time> to{' '}
      <time dateTime={new Date(to).toISOString()}>{second}</time>
    </>
  )
}

const DRAWINGS = {
  good: 'M5 10.5l3.4 3.4L15 6.6',
  poor: 'M10 3.5l7 12.5H3zM10 8v3.5M10 13.8v.1',
  bad: 'M6 6l8 8M14 6l-8 8',
  maintenance:
    'M12.8 3.6a4 4 0 0 0-4 5.4l-5 5 2.2 2.2 5-5a4 4 0 0 0 5.4-4.4l-2.3 2.2-2.4-.6-.6-2.4z',
  none: 'M5 10h10',
} as const

export const STATE_NAMES: Record<ComponentState, string> = {
  good: 'Works',
  poor: 'Not as it should be',
  bad: 'Does not work',
  maintenance: 'Being looked after',
}

/** A state, by a drawing and a word, and only then by a colour. */
export function Standing({ state, words }: { state: keyof typeof DRAWINGS; words: string }) {
  return (
    <span class={`standing ${state}`}>
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d={DRAWINGS[state]} />
      </svg>
      {words}
    </span>
  )
}

const WIDTH = 4
const STEP = 6
const HEIGHT = 28
/** What is worse is shorter: a bar tells its state without a colour. */
const HEIGHTS: Record<Day['state'], number> = { good: 28, poor: 18, bad: 10, none: 3 }

/** A bar for each of the last 90 days. */
export function Bars({ component }: { component: ComponentView }) {
  const { days, name } = component
  const count = (state: Day['state']) => days.filter((day) => day.state === state).length
  const summary = `${name}, the last ${days.length} days: ${count('good')} good, ${count('poor')} with trouble, ${count('bad')} bad, ${count('none')} not measured.`
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${days.length * STEP - (STEP - WIDTH)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      {days.map((day, i) => (
        <rect
          class={day.state}
          x={i * STEP}
          y={HEIGHT - HEIGHTS[day.state]}
          width={WIDTH}
          height={HEIGHTS[day.state]}
        >
          {day.state !== 'none' && <title>{`${dayWords(day.startsAt)}: ${dayWord(day)}`}</title>}
        </rect>
      ))}
    </svg>
  )
}

/** How a day was, in a few words. */
export function dayWord({ state, good, poor, bad, hours }: Day): string {
  if (state === 'none') return 'not measured'
  const share = percent(1 - bad / (good + poor + bad))
  const slow = poor > 0 ? `, ${percent(poor / (good + poor + bad))} with trouble` : ''
  return `${share} up${slow}${hours < 24 ? ` (${hours} h measured)` : ''}`
}

/** How much of what was measured it was there, and what was not measured. */
export function Uptime({ component }: { component: ComponentView }) {
  const { uptime, hoursSeen, hoursUnseen } = component
  if (uptime === null) return <p class="hint">Nothing is measured yet.</p>
  const hours = (count: number) => `${count} ${count === 1 ? 'hour' : 'hours'}`
  return (
    <p class="hint">
      <strong>{percent(uptime)}</strong> up, of {hours(hoursSeen)} measured.{' '}
      {hoursUnseen > 0 && `In ${hours(hoursUnseen)} nobody looked.`}
    </p>
  )
}

const WINDOW_STANDINGS: Record<MaintenanceState, keyof typeof DRAWINGS> = {
  scheduled: 'maintenance',
  'in-progress': 'maintenance',
  completed: 'good',
  cancelled: 'none',
}

/** A window, with all that was announced. */
export function WindowCard({ window, now }: { window: Maintenance; now: number }) {
  const { id, title, body, components, effect, startsAt, reason, announcedAt } = window
  const state = stateOf(window, now)
  return (
    <article class="card event" id={id}>
      <div class="event-head">
        <h3>{title}</h3>
        <Standing state={WINDOW_STANDINGS[state]} words={MAINTENANCE_WORDS[state]} />
      </div>
      <p>
        <Span from={startsAt} to={endOf(window)} />{' '}
        <span class="hint">({lastingWords(endOf(window) - startsAt)})</span>
      </p>
      <Typed text={body} />
      <p class="hint">
        {componentWords(components)}. {EFFECT_WORDS[effect]} Announced{' '}
        {startsAt > announcedAt ? `${lastingWords(startsAt - announcedAt)} ahead` : 'as it began'}.
        {reason && ` Why so late: ${reason}`}
      </p>
    </article>
  )
}

/** An incident, with all that was said of it. */
export function IncidentCard({ incident, now }: { incident: Incident; now: number }) {
  const { id, title, impact, cause, components, startedAt, resolvedAt, updates } = incident
  const { state } = updates[0]!
  const drawing = state === 'resolved' ? 'good' : impact === 'none' ? 'none' : 'poor'
  return (
    <article class="card event" id={id}>
      <div class="event-head">
        <h3>{title}</h3>
        <Standing state={drawing} words={STATE_WORDS[state]} />
      </div>
      <p class="hint">
        {componentWords(components)}. Impact: {IMPACT_WORDS[impact].toLowerCase()}. Cause:{' '}
        {CAUSE_WORDS[cause].toLowerCase()}. Since <Moment at={startedAt} />;{' '}
        {resolvedAt === null ? 'it has lasted' : 'it took'}{' '}
        {lastingWords(durationOf(incident, now))}.
      </p>
      <ol class="updates">
        {updates.map((update) => (
          <li>
            <strong>{STATE_WORDS[update.state]}</strong>
            <Typed text={update.body} />
            <p class="hint">
              <Moment at={update.at} />
            </p>
          </li>
        ))}
      </ol>
    </article>
  )
}

/** A text that was typed, in its paragraphs. */
function Typed({ text }: { text: string }) {
  return (
    <>
      {paragraphs(text).map((part) => (
        <p class="lines">{part}</p>
      ))}
    </>
  )
}
