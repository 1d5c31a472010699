/** What is known of a breach. Texts are '' and numbers null until they are known: what is not yet can follow later. */
export interface BreachFacts {
  /** What the operators call it. */
  title: string
  /** What happened, in plain words: those concerned read it. */
  nature: string
  /** When it began, as far as anybody knows. */
  happenedAt: number | null
  /** When it was noticed: from then on there are 72 hours. */
  noticedAt: number
  /** Which sorts of data, and of people. */
  data: string
  people: string
  /** About how many. */
  peopleCount: number | null
  recordsCount: number | null
  consequences: string
  /** What was done about it, and what will be. */
  measures: string
  /** What those concerned can do themselves. */
  advice: string
  /** Where they, and the authority, can ask. */
  contact: string
  risk: Risk
  /** Why nobody is told, or not everybody who ought to be. */
  reason: string
  /** Why the authority was told after more than 72 hours. */
  lateReason: string
}

/** To the rights of those concerned: not judged yet; unlikely; a risk; a high one. */
export const RISKS = ['open', 'none', 'risk', 'high'] as const
export type Risk = (typeof RISKS)[number]

const HOUR_MS = 3_600_000
/** GDPR, Article 33(1). */
export const AUTHORITY_MS = 72 * HOUR_MS
/** After so long the operators are reminded while the authority was not told, the last first. */
const REMINDERS_HOURS = [72, 66, 48]

/** How it stands with telling the authority. */
export type Clock =
  | { state: 'running'; leftMs: number }
  | { state: 'overdue'; overMs: number }
  /** Told in time, or so much later. */
  | { state: 'told'; lateMs: number }
  /** Nobody's rights are at risk: nobody needs to be told. */
  | { state: 'none' }

interface Timed {
  facts: Pick<BreachFacts, 'noticedAt' | 'risk'>
  authorityToldAt: number | null
}

/** The clock of Article 33(1). The 72nd hour's last moment is still in time. */
export function clockOf({ facts, authorityToldAt }: Timed, nowMs: number): Clock {
  const dueAt = facts.noticedAt + AUTHORITY_MS
  if (authorityToldAt !== null)
    return { state: 'told', lateMs: Math.max(0, authorityToldAt - dueAt) }
  if (facts.risk === 'none') return { state: 'none' }
  return nowMs <= dueAt
    ? { state: 'running', leftMs: dueAt - nowMs }
    : { state: 'overdue', overMs: nowMs - dueAt }
}

/** After how many hours the operators are to be reminded now; null for not yet, or not any more. */
export function reminderOf(
  breach: Timed & { closedAt: number | null },
  nowMs: number,
): number | null {
  const { state } = clockOf(breach, nowMs)
  if (breach.closedAt !== null || (state !== 'running' && state !== 'overdue')) return null
  const age = nowMs - breach.facts.noticedAt
  return REMINDERS_HOURS.find((hours) => age >= hours * HOUR_MS) ?? null
}

/** What a fact is called, where it is missed. */
export const FACT_WORDS = {
  nature: 'what happened',
  data: 'which sorts of data',
  people: 'which sorts of people',
  peopleCount: 'about how many people',
  recordsCount: 'about how many records',
  consequences: 'what may follow from it',
  measures: 'what was done and will be done',
  contact: 'where to ask',
} as const satisfies Partial<Record<keyof BreachFacts, string>>

type Fact = keyof typeof FACT_WORDS

/** Article 33(3): what the authority is told, as far as it is known; the rest follows without delay (33(4)). */
const FOR_AUTHORITY = Object.keys(FACT_WORDS) as Fact[]
/** Article 34(2), and which data it is about: nobody is told without these. */
const FOR_PEOPLE = ['nature', 'data', 'consequences', 'measures', 'contact'] as const

/** What the authority could not be told yet. */
export function missingForAuthority(facts: BreachFacts): Fact[] {
  return FOR_AUTHORITY.filter((name) => facts[name] === '' || facts[name] === null)
}

/** What must be known before those concerned are told. */
export function missingForPeople(facts: BreachFacts): Fact[] {
  return FOR_PEOPLE.filter((name) => facts[name] === '')
}

/** What must be done before a breach can be closed, in words; null for nothing. */
export function unfinished(breach: {
  facts: BreachFacts
  authorityToldAt: number | null
  peopleToldAt: number | null
}): string | null {
  const { facts, authorityToldAt, peopleToldAt } = breach
  if (facts.risk === 'open') return 'Judge the risk first.'
  if (facts.risk === 'none')
    return facts.reason === ''
      ? 'Write down why nobody is told: the risk is said to be none.'
      : null
  if (authorityToldAt === null) return 'Tell the authority first, and write down when you did.'
  if (facts.risk === 'high' && peopleToldAt === null && facts.reason === '')
    return 'Tell those concerned first, or write down why they are not told.'
  return null
}
