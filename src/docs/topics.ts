import type { BadRequestCode } from '../core/bad-request.ts'

/** Operations that belong together, by their tag in the OpenAPI document. */
export interface Topic {
  tag: string
  title: string
  lead: string
  /** What can be wrong with a call, beside what can be wrong with each. */
  codes: readonly BadRequestCode[]
}

/** Whatever has a body, or is asked too often. */
const ANY = [
  ...['body-invalid', 'field-invalid', 'body-too-large', 'content-type-unsupported'],
  ...['method-not-allowed', 'headers-too-large', 'too-many-requests'],
] as readonly BadRequestCode[]
const WITH_KEY = [
  ...['key-invalid', 'forbidden', 'terms-not-accepted', 'account-suspended', 'not-found'],
] as readonly BadRequestCode[]

const managed = (...codes: BadRequestCode[]) => [...ANY, ...WITH_KEY, ...codes]

/** In the order in which one would need them. */
export const TOPICS: readonly Topic[] = [
  {
    tag: 'backend',
    title: 'Backends',
    lead: 'Asks whether a token is good. The answer is 200 whenever the call could be read; what is wrong is in it, as `error-codes`.',
    codes: [],
  },
  {
    tag: 'widget',
    title: 'The widget’s calls',
    lead: 'What the widget says by itself. For those who write a client of their own.',
    codes: [
      ...ANY,
      ...(['sitekey-missing', 'sitekey-unknown', 'challenge-invalid', 'reply-invalid'] as const),
      ...(['host-not-allowed', 'site-suspended', 'challenge-spent', 'challenge-expired'] as const),
      'maintenance',
    ],
  },
  {
    tag: 'sites',
    title: 'Sites',
    lead: 'Sites, their secrets and their numbers. What is changed holds on every node when it is answered.',
    codes: managed('site-suspended', 'last-secret', 'limit-reached', 'revision-outdated'),
  },
  {
    tag: 'members',
    title: 'Members',
    lead: 'Who may do something with a site, and invitations to it.',
    codes: managed('site-suspended', 'last-owner', 'limit-reached'),
  },
  {
    tag: 'keys',
    title: 'Keys',
    lead: 'The keys of the account whose key is used. New ones are made in the console.',
    codes: managed(),
  },
  {
    tag: 'audit',
    title: 'The audit log',
    lead: 'What was done, by whom and when, chained by hashes.',
    codes: managed(),
  },
  {
    tag: 'webhooks',
    title: 'Webhooks',
    lead: 'What an account is told by calls to a server of its own.',
    codes: managed('limit-reached'),
  },
  {
    tag: 'accounts',
    title: 'Accounts and settings',
    lead: 'For operators: accounts, invitations to make one, and what holds for all.',
    codes: managed('last-operator', 'limit-reached'),
  },
  {
    tag: 'status',
    title: 'Maintenance and incidents',
    lead: 'For operators. Everybody who has an account is told at once.',
    codes: managed('maintenance-over', 'incident-resolved'),
  },
  {
    tag: 'anybody',
    title: 'For anybody',
    lead: 'Without a key: the status, the Terms, feedback, and a way to end a secret that was found.',
    codes: [
      ...ANY,
      'not-found',
      'token-invalid',
      'personal-data',
      'feedback-closed',
      'limit-reached',
    ],
  },
]
