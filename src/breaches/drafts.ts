import { minuteOf } from '../moments.ts'
import { breachLetter } from '../notices/letters/breach.ts'
import type { LetterPlace, NoticeFacts, Part } from '../notices/notice.ts'
import type { AuditEvent, Breach, BreachRevision, Statement } from '../store/store.ts'
import { type BreachFacts, clockOf, FACT_WORDS, missingForAuthority } from './breach.ts'

const UNKNOWN = '_Not known yet; it will follow without undue delay._'

const RISK_WORDS: Record<BreachFacts['risk'], string> = {
  open: UNKNOWN,
  none: 'A risk to the rights and freedoms of people is unlikely.',
  risk: 'There is a risk to the rights and freedoms of people.',
  high: 'There is a high risk to the rights and freedoms of people.',
}

/** The notice to the authority, with what GDPR Article 33(3) asks for; what is missing is said, and listed at the end. */
export function authorityDraft(breach: Breach, place: LetterPlace, nowMs: number): string {
  const { facts, peopleToldAt, accounts } = breach
  const clock = clockOf(breach, nowMs)
  const isLate = clock.state === 'overdue' || (clock.state === 'told' && clock.lateMs > 0)
  const missing = missingForAuthority(facts)
  const peopleTold =
    peopleToldAt !== null
      ? `Those concerned (${accounts} accounts) were told on ${moment(peopleToldAt)}.`
      : facts.reason !== ''
        ? `They are not told, for this reason: ${facts.reason}`
        : 'They have not been told yet.'
  const lines = [
    '# Notification of a personal data breach',
    'To the supervisory authority, under Article 33 of Regulation (EU) 2016/679 (GDPR).',
    `- Controller: ${place.operator || UNKNOWN}`,
    `- Service: One Captcha at ${place.publicUrl}`,
    `- Our reference: ${breach.id}, state ${breach.revision} of ${moment(breach.changedAt)}`,
    `- It happened: ${facts.happenedAt === null ? UNKNOWN : moment(facts.happenedAt)}`,
    `- We became aware of it: ${moment(facts.noticedAt)}`,
    '## What has happened (Article 33(3)(a))',
    facts.nature || UNKNOWN,
    `### Data concerned\n\n${facts.data || UNKNOWN}`,
    `- Records, approximately: ${facts.recordsCount ?? UNKNOWN}`,
    `### People concerned\n\n${facts.people || UNKNOWN}`,
    `- People, approximately: ${facts.peopleCount ?? UNKNOWN}`,
    '## Where more can be asked (Article 33(3)(b))',
    facts.contact || UNKNOWN,
    '## What may follow from it (Article 33(3)(c))',
    facts.consequences || UNKNOWN,
    RISK_WORDS[facts.risk],
    '## What was done, and will be (Article 33(3)(d))',
    facts.measures || UNKNOWN,
    '## Those concerned (Article 34)',
    peopleTold,
    ...(isLate
      ? [
          '## Why this is later than 72 hours (Article 33(1))',
          facts.lateReason || '_To be filled in before this is sent._',
        ]
      : []),
    ...(missing.length > 0
      ? [
          '## What will follow (Article 33(4))',
          missing.map((name) => `- ${FACT_WORDS[name]}`).join('\n'),
        ]
      : []),
  ]
  // Facts that stand one below the other are one list.
  return `${lines.join('\n\n').replace(/^(- .*)\n\n(?=- )/gm, '$1\n')}\n`
}

/** The letter to those concerned, as text, with what is missing from it at the top. */
export function peopleDraft(
  facts: NoticeFacts['breach'],
  missing: readonly (keyof typeof FACT_WORDS)[],
  place: LetterPlace,
): string {
  const { subject, parts } = breachLetter(facts, place)
  const warning =
    missing.length > 0
      ? [`NOT COMPLETE. Still missing: ${missing.map((name) => FACT_WORDS[name]).join(', ')}.`]
      : []
  return `${[...warning, `Subject: ${subject}`, ...parts.map((part) => textOf(part, place))].join('\n\n')}\n`
}

function textOf(part: Part, place: LetterPlace): string {
  if (typeof part === 'string') return part
  if ('list' in part) return part.list.map((one) => `- ${one}`).join('\n')
  return `${part.words}: ${place.publicUrl}${part.path}`
}

interface Entry {
  breach: Breach
  known: BreachRevision[]
  done: AuditEvent[]
  statements: Statement[]
}

/** The register, for those who have to show it (GDPR Article 33(5)): facts, effects, what was done, and when it was known. */
export function registerOf(entries: readonly Entry[], place: LetterPlace, nowMs: number): object {
  return {
    register: 'personal data breaches (GDPR Article 33(5))',
    controller: place.operator,
    service: place.publicUrl,
    at: iso(nowMs),
    breaches: entries.map(({ breach, known, done, statements }) => ({
      id: breach.id,
      writtenDownAt: iso(breach.createdAt),
      noticedAt: iso(breach.facts.noticedAt),
      authorityToldAt: iso(breach.authorityToldAt),
      peopleToldAt: iso(breach.peopleToldAt),
      timesPeopleWereTold: breach.peopleTold,
      closedAt: iso(breach.closedAt),
      accounts: breach.accounts,
      facts: readable(breach.facts),
      known: known.map(({ revision, facts, by, at }) => ({
        ...{ revision, at: iso(at), by, facts: readable(facts) },
      })),
      done: done.map(({ seq, at, by, act, detail }) => ({ seq, at: iso(at), by, act, detail })),
      statements: statements.map(({ at, ...statement }) => ({ ...statement, at: iso(at) })),
    })),
  }
}

function readable({ noticedAt, happenedAt, ...facts }: BreachFacts) {
  return { ...facts, noticedAt: iso(noticedAt), happenedAt: iso(happenedAt) }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

function moment(at: number): string {
  return `${minuteOf(at)} UTC`
}
