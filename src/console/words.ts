import type { Mode } from '../core/site.ts'
import type { AccountRole, Role, Scope } from '../store/store.ts'
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
  'site.state': 'Site’s standing changed',
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
  'account.state': 'Account’s standing changed',
  'account.terminate': 'Account ended',
  'settings.set': 'Service’s settings changed',
}

/** An act of the log, in words. */
export function wordsOf(act: string): string {
  return ACTS[act] ?? act
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
  return site.name || site.hosts[0] || site.sitekey
}
