import type { Mode } from '../core/site.ts'
import { minuteOf } from '../moments.ts'
import type { AccountRole, AuditEvent, Role, Scope } from '../store/store.ts'
import type { Choice } from './fields.tsx'

/** What our choices are called on screen, and what they mean. */

export const MODE_CHOICES: readonly (Choice & { value: Mode })[] = [
  {
    value: 'invisible',
    label: 'Invisible',
    hint: 'Nothing to see: work alone, when the form is sent. A puzzle only under strong pressure.',
  },
  { value: 'checkbox', label: 'Checkbox', hint: 'A box to tick. A puzzle only under pressure.' },
  { value: 'puzzle', label: 'Puzzle', hint: 'A box to tick, and always a puzzle.' },
]

export const ROLE_CHOICES: readonly (Choice & { value: Role; label: string; hint: string })[] = [
  { value: 'viewer', label: 'Viewer', hint: 'looks at everything but secrets themselves' },
  { value: 'developer', label: 'Developer', hint: 'also changes settings' },
  { value: 'admin', label: 'Admin', hint: 'also secrets and members' },
  { value: 'owner', label: 'Owner', hint: 'also owners, and deleting the site' },
]

export const ACCOUNT_ROLES: readonly (Choice & { value: AccountRole; label: string })[] = [
  { value: 'developer', label: 'Developer', hint: 'has sites' },
  { value: 'operator', label: 'Operator', hint: 'runs the service, and may do everything' },
]

export const SCOPE_CHOICES: readonly (Choice & { value: Scope })[] = [
  { value: 'sites:read', label: 'Read sites', hint: 'sites, their members and hints of secrets' },
  { value: 'sites:write', label: 'Change sites', hint: 'add, change and delete them' },
  { value: 'secrets:write', label: 'Secrets', hint: 'rotate and end them' },
  { value: 'members:write', label: 'Members', hint: 'invite, change and remove them' },
  { value: 'stats:read', label: 'Numbers', hint: 'read how often what happened' },
  { value: 'audit:read', label: 'Log', hint: 'read what was done' },
  { value: 'keys:write', label: 'Keys', hint: 'list and end keys' },
  { value: 'accounts:write', label: 'Accounts', hint: 'suspend and end accounts: operators only' },
  { value: 'webhooks:write', label: 'Webhooks', hint: 'list, add and remove them' },
  {
    value: 'service:write',
    label: 'Service',
    hint: 'announce maintenance, incidents and the like: operators only',
  },
]

export const THEME_CHOICES: readonly Choice[] = [
  { value: 'auto', label: 'As the visitor’s system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export const FAILURE_CHOICES: readonly Choice[] = [
  {
    value: 'closed',
    label: 'Let nobody through',
    hint: 'Safe against robots; visitors wait until the service is back.',
  },
  {
    value: 'open',
    label: 'Let everybody through',
    hint: 'Nobody waits; robots pass as long as the service is away.',
  },
]

/** What the log's acts are in words. What is not here is shown as it is. */
const ACTS: Record<string, string> = {
  'site.add': 'Site added',
  'site.set': 'Settings changed',
  'site.suspend': 'Site suspended',
  'site.reinstate': 'Site reinstated',
  'site.remove': 'Site deleted',
  'secret.add': 'New secret',
  'secret.end': 'Secret ended',
  'member.add': 'Member added',
  'member.set': 'Member’s role changed',
  'member.remove': 'Member removed',
  'invitation.add': 'Invitation made',
  'invitation.take': 'Invitation accepted',
  'invitation.remove': 'Invitation withdrawn',
  'key.add': 'Key made',
  'key.end': 'Key ended',
  'account.add': 'Account made',
  'account.suspend': 'Account suspended',
  'account.reinstate': 'Account reinstated',
  'account.role': 'Account’s role changed',
  'account.password': 'Password changed',
  'account.email': 'E-mail address changed',
  'account.totp': 'Codes from an app changed',
  'recovery.set': 'New recovery codes',
  'recovery.use': 'Recovery code used',
  'passkey.add': 'Passkey added',
  'passkey.remove': 'Passkey removed',
  'session.end': 'Session ended',
  'account.mail': 'Choice of letters changed',
  'webhook.add': 'Webhook added',
  'webhook.change': 'Webhook changed',
  'webhook.remove': 'Webhook removed',
  'webhook.off': 'Webhook turned off, as it did not work',
  'notice.retry': 'Failed deliveries tried again',
  'account.terminate': 'Account ended',
  'session.endAll': 'Everybody logged out',
  'breach.add': 'Breach written down',
  'breach.set': 'Breach’s facts changed',
  'breach.concern': 'Accounts concerned by a breach added',
  'breach.unconcern': 'Accounts concerned by a breach removed',
  'breach.authority': 'Authority told of a breach',
  'breach.people': 'Those concerned by a breach told',
  'breach.publish': 'Statement on a breach published',
  'breach.close': 'Breach closed',
  'breach.reopen': 'Breach opened again',
  'feedback.add': 'Feedback received',
  'feedback.message': 'Feedback added to',
  'feedback.reply': 'Feedback answered',
  'feedback.note': 'Note on feedback written',
  'feedback.open': 'Feedback opened',
  'feedback.close': 'Feedback closed',
  'feedback.remove': 'Feedback deleted',
  'feedback.receipt': 'Receipt for feedback ended',
  'settings.set': 'Service’s settings changed',
  'terms.write': 'Draft of the Terms saved',
  'terms.discard': 'Draft of the Terms thrown away',
  'terms.announce': 'Terms announced',
  'terms.withdraw': 'Terms withdrawn',
  'terms.accept': 'Terms accepted',
  'store.import': 'Store moved to another database',
  'store.restore': 'Store restored from a backup',
}

/** An act of the log, in words. */
export function wordsOf(act: string): string {
  return ACTS[act] ?? act
}

/** What is written down of a change, in words. What is not here is called as it is. */
const DETAILS: Record<string, string> = {
  account: 'account',
  effectiveAt: 'in force from',
  effortFloor: 'work on a calm day',
  effortCeiling: 'work at the most',
  expiresAt: 'ends',
  hosts: 'host names',
  lifeDays: 'life',
  noscriptPerHour: 'tokens an hour without JavaScript',
  onFailure: 'on failure',
  overlapMs: 'old ones end after',
  signUp: 'sign-up',
  sitesMax: 'sites per developer',
  suspendedBy: 'suspended by',
  tokenLifeMs: 'life of tokens',
  waitMs: 'longest work',
}

/** Says nothing to a reader: what tells one row from another. */
const UNSAID = new Set(['id', 'revision', 'hashes', 'sha256'])

/**
 * What an event is about, in words.
 *
 * @param nameOf what an id is called; as it is, if nothing
 */
export function detailsOf(event: AuditEvent, nameOf: (id: string) => string): string[] {
  // What is set is written as it was and as it is now.
  const isChange = event.act.endsWith('.set')
  return Object.entries(event.detail)
    .filter(([name]) => !UNSAID.has(name))
    .map(([name, value]) => {
      const words = DETAILS[name] ?? name
      if (isChange && Array.isArray(value) && value.length === 2)
        return `${words}: ${value.map((one) => inWords(name, one, nameOf)).join(' → ')}`
      return `${words}: ${inWords(name, value, nameOf)}`
    })
}

function inWords(name: string, value: unknown, nameOf: (id: string) => string): string {
  if (value === null || value === '') return 'none'
  if (Array.isArray(value)) {
    return value.map((one) => inWords(name, one, nameOf)).join(', ') || 'none'
  }
  if (typeof value === 'number') {
    if (name.endsWith('Ms')) return value === 0 ? 'at once' : lasting(value)
    if (name.endsWith('At')) return `${minuteOf(value)} UTC`
    if (name.endsWith('Days')) return `${value} days`
    if (name.startsWith('effort')) return `effort ${value}`
    return String(value)
  }
  return typeof value === 'string' ? nameOf(value) : JSON.stringify(value)
}

/** What a version of the Terms is called. */
export function versionOf(number: number): string {
  return number === 0 ? 'The founding text' : `Version ${number}`
}

/** How long something lasts, in words. */
export function lasting(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ] as const
  const [unitMs, unit] = units.find(([one]) => ms >= one) ?? units[3]
  const count = Math.round(ms / unitMs)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** What a site is called: by its owners, or else by its first host name. */
export function nameOf(site: { name: string; hosts: readonly string[]; sitekey: string }): string {
  return site.name || mainHost(site) || site.sitekey
}

/** The host name that says most about a site: one with a page of its own, if there is. */
export function mainHost({ hosts }: { hosts: readonly string[] }): string {
  return hosts.find((host) => !host.startsWith('*.') && host !== 'localhost') ?? hosts[0] ?? ''
}
