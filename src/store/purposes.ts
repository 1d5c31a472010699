import type { RuleName } from './retention.ts'
import type { Schema } from './schema.ts'

/**
 * Why each field is there: the one source of the privacy notice, of the record of processing, and of what is kept for how
 * long. Whoever adds a column says here what it is for, or nothing compiles.
 */
export const PURPOSES: Purposes = {
  sites: {
    what: 'Sites',
    why: 'To tell which pages may use which sitekey, and how hard it is made for robots there.',
    ...{ whose: 'nobody', basis: null, kept: { with: 'site' } },
    fields: {
      sitekey: 'the sitekey, a random number',
      name: 'what its members call the site',
      state: 'whether it is served',
      suspended_by: 'whose suspension it is under, as a random number',
      revision: 'how often it was changed',
      mode: 'how it asks',
      created_at: 'when it was registered',
      effort_floor: 'the least work it asks for',
      effort_ceiling: 'the most work it asks for',
      wait_ms: 'how long a visitor may be kept waiting',
      token_life_ms: 'how long its tokens are good',
      kinds: 'which puzzles it shows',
      theme: 'light or dark',
      on_failure: 'what its backend does while the service is away',
      noscript_per_hour: 'how many tokens can be had there without JavaScript',
    },
  },
  site_hosts: {
    what: 'Host names',
    why: 'So that nobody else’s pages use a sitekey.',
    ...{ whose: 'nobody', basis: null, kept: { with: 'site' } },
    fields: { sitekey: 'the site', host: 'a host name of its pages' },
  },
  site_secrets: {
    what: 'Secrets of sites',
    why: 'To know a site’s backend when it asks about a token.',
    ...{ whose: 'nobody', basis: null, kept: { rule: 'secrets' } },
    fields: {
      hash: hashed('the secret'),
      id: 'a random number',
      sitekey: 'the site',
      hint: 'its last four characters, to tell it from others',
      created_at: 'when it was made',
      expires_at: 'when it ends',
      last_used_day: 'the last day on which it was used',
    },
  },
  site_members: {
    what: 'Memberships',
    why: 'To decide who may look at a site, change it, or remove it.',
    ...{ whose: 'account', basis: 'b', kept: { with: 'account' } },
    fields: {
      sitekey: 'the site',
      account_id: 'the account, as a random number',
      role: 'what it may do there',
      created_at: 'since when',
    },
  },
  accounts: {
    what: 'The account',
    why: 'So that you can log in, and nobody else in your place.',
    ...{ whose: 'account', basis: 'b', kept: { with: 'account' } },
    fields: {
      id: {
        what: 'a random number, the account’s own',
        kept: {
          forGood:
            'so that what was done stays with one author, of whom nothing else is left, and nobody gets that number again',
        },
      },
      login: 'the name you log in with, which may be made up',
      role: { what: 'whether it runs the service', kept: 'as id' },
      state: { what: 'whether it is active', kept: 'as id' },
      password: sealed('a hash of the password (Argon2id)'),
      email_sealed: sealed('the e-mail address, if you gave one'),
      email_hash: hashed('the e-mail address, to find it by'),
      email_confirmed_at: 'when the address was confirmed',
      totp_sealed: sealed('the secret of your app’s codes, if you use one'),
      totp_step: 'the last code that was used, as a number of half minutes: each is good once',
      created_at: { what: 'when it was made', kept: 'as id' },
      changed_at: { what: 'when it was changed last', kept: 'as id' },
    },
  },
  passkeys: {
    what: 'Passkeys',
    why: 'So that you can log in without a password.',
    ...{ whose: 'account', basis: 'b', kept: { with: 'account' } },
    fields: {
      id: 'the passkey’s number, made by your device',
      account_id: 'the account, as a random number',
      name: 'what you call it',
      public_key: 'its public half',
      counter: 'how often it was used, as it says itself: a copy gives itself away',
      transports: 'how your browser reaches it',
      created_at: 'when it was added',
      last_used_day: 'the last day on which it was used',
    },
  },
  recovery_codes: {
    what: 'Recovery codes',
    why: 'So that you can log in when your device is lost.',
    ...{ whose: 'account', basis: 'b', kept: { with: 'account' } },
    fields: {
      hash: hashed('the code; deleted when it is used'),
      account_id: 'the account, as a random number',
      created_at: 'when it was made',
    },
  },
  sessions: {
    what: 'Sessions',
    why: 'So that you stay logged in, see where you are, and can end it.',
    ...{ whose: 'account', basis: 'b', kept: { rule: 'sessions', and: 'idle sessions' } },
    fields: {
      hash: hashed('what the cookie holds'),
      id: 'a random number',
      account_id: 'the account, as a random number',
      way: 'whether it was opened by password, passkey or recovery code',
      created_at: 'when it was opened',
      seen_at: 'the hour in which it was used last',
      expires_at: 'when it ends',
      elevated_until: 'until when dangerous acts need no new proof',
    },
  },
  invitations: {
    what: 'Invitations',
    why: 'So that members and operators can let others in.',
    ...{ whose: 'account', basis: 'b', kept: { rule: 'invitations' } },
    fields: {
      hash: hashed('what the link holds'),
      id: 'a random number',
      sitekey: 'the site, if it is to one',
      role: 'what it lets somebody do',
      invited_by: 'who invites, as a random number',
      created_at: 'when it was made',
      expires_at: 'when it ends',
    },
  },
  api_keys: {
    what: 'Keys to the management API',
    why: 'So that your programs can do what you can.',
    ...{ whose: 'account', basis: 'b', kept: { rule: 'keys' } },
    fields: {
      hash: hashed('the key'),
      id: 'a random number',
      account_id: 'the account, as a random number',
      sitekey: 'the only site it is good for, if it is for one',
      name: 'what you call it',
      scopes: 'what it may do',
      hint: 'its last four characters, to tell it from others',
      created_at: 'when it was made',
      expires_at: 'when it ends',
      last_used_day: 'the last day on which it was used',
    },
  },

  audit_events: {
    what: 'The log of changes',
    why: 'So that it can be shown who changed what. No name, address or secret is in it.',
    ...{ whose: 'account', basis: 'f' },
    kept: {
      forGood:
        'as each event vouches for those before it; once an account has ended, its number leads to nobody',
    },
    fields: {
      seq: 'the event’s number',
      at: 'when',
      by: 'who did it: an account, as a random number, or a part of the service',
      act: 'what was done',
      subject: 'to what: a sitekey or an account, as random numbers',
      detail: 'what was different then, without names and addresses',
      hash: {
        what: 'a fingerprint of this event and of all before it',
        form: 'plain',
      },
    },
  },
  audit_head: {
    what: 'The end of that log',
    why: 'To find its newest event.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'with the log' } },
    fields: {
      id: 'always 1',
      seq: 'the newest event’s number',
      hash: { what: 'its fingerprint', form: 'plain' },
    },
  },

  site_counts: {
    what: 'Counts',
    why: 'So that a site’s members see how much is going on. None is about one visitor.',
    ...{ whose: 'nobody', basis: null, kept: { rule: 'minutes', and: 'hours' }, form: 'sum' },
    fields: {
      sitekey: { what: 'the site', form: 'plain' },
      span: { what: 'a minute or an hour', form: 'plain' },
      starts_at: { what: 'which', form: 'plain' },
      name: { what: 'what is counted', form: 'plain' },
      label: { what: 'of what sort', form: 'plain' },
      count: 'how often',
    },
  },
  settings: {
    what: 'Settings',
    why: 'What the operator has chosen.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'until it is chosen anew' } },
    fields: { name: 'which', value: 'what was chosen', changed_at: 'when' },
  },
  root_keys: {
    what: 'Names of root keys',
    why: 'So that the service does not start with a key that opens nothing here.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'with what is encrypted under them' } },
    fields: {
      id: 'a fingerprint of the key, which is not kept here',
      created_at: 'since when it is known',
    },
  },

  terms_versions: {
    what: 'Versions of the Terms',
    why: 'So that it can be read what held when.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'as what was agreed must stay readable' } },
    fields: {
      number: 'its number',
      summary: 'what is different in it',
      acceptance: 'how it is accepted',
      created_at: 'when it was begun',
      changed_at: 'when its draft was changed last',
      announced_at: 'when it was announced',
      effective_at: 'from when it holds',
      withdrawn_at: 'when it was taken back',
    },
  },
  terms_texts: {
    what: 'Their texts',
    why: 'So that it can be read what held when.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'as what was agreed must stay readable' } },
    fields: {
      number: 'of which version',
      place: 'the first is the one that binds',
      lang: 'in which language',
      text: 'what it says',
      hash: { what: 'a fingerprint of it', form: 'plain' },
    },
  },
  terms_acceptances: {
    what: 'Acceptances of the Terms',
    why: 'To know which version an account agreed to.',
    ...{ whose: 'account', basis: 'f' },
    kept: {
      forGood:
        'as evidence of what was agreed; once the account has ended, under a number that leads to nobody',
    },
    fields: {
      account_id: 'the account, as a random number',
      number: 'which version',
      hash: { what: 'a fingerprint of what it said', form: 'plain' },
      way: 'by use, by a click, or at sign-up',
      at: 'when',
    },
  },

  notices: {
    what: 'Notices',
    why: 'To tell you what you must know, once: new Terms, maintenance, a breach, changes of your account.',
    ...{ whose: 'account', basis: 'b', kept: { rule: 'personal notices' } },
    fields: {
      id: 'a random number',
      kind: 'what sort of notice',
      about: 'what it is about, by numbers',
      facts_sealed: sealed('what it says'),
      created_at: 'when it was written',
    },
  },
  deliveries: {
    what: 'Deliveries of notices',
    why: 'So that each reaches you once, and it can be shown that it did.',
    ...{ whose: 'account', basis: 'c', kept: { rule: 'deliveries' } },
    fields: {
      notice_id: 'which notice',
      channel: 'by mail, or by a webhook',
      recipient: hashed('whom it goes to; for an account or webhook its random number'),
      address_sealed: {
        ...sealed('the address of somebody without an account'),
        kept: { until: 'it was sent, or with its notice, if it could not be' },
      },
      state: 'whether it went',
      attempts: 'how often it was tried',
      next_at: 'when it is tried next',
      holder: 'which of our machines is at it',
      held_until: 'until when',
      done_at: 'when it went, or was given up',
      why: 'why it did not, in our words',
    },
  },
  webhooks: {
    what: 'Webhooks',
    why: 'To tell your programs what you would be told by mail.',
    ...{ whose: 'account', basis: 'b', kept: { with: 'account' } },
    fields: {
      id: 'a random number',
      account_id: 'the account, as a random number',
      url_sealed: sealed('where to'),
      secret_sealed: sealed('what we sign with'),
      kinds: 'what it is told',
      state: 'whether it is on',
      why: 'why it was turned off',
      created_at: 'when it was made',
    },
  },
  mail_refusals: {
    what: 'Letters you do not want',
    why: 'So that you do not get them.',
    ...{ whose: 'account', basis: 'c', kept: { with: 'account' } },
    fields: {
      account_id: 'the account, as a random number',
      kind: 'which sort of letter',
      at: 'since when',
    },
  },

  readings: {
    what: 'Looks at the service',
    why: 'To show how the service was.',
    ...{ whose: 'nobody', basis: null, kept: { rule: 'readings' }, form: 'sum' },
    fields: {
      component: { what: 'which part', form: 'plain' },
      starts_at: { what: 'in which hour', form: 'plain' },
      good: 'how often it was well',
      poor: 'how often it was slow',
      bad: 'how often it was away',
    },
  },
  maintenances: {
    what: 'Maintenance',
    why: 'To announce it, and to show later that it was announced.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'as a public record' } },
    fields: {
      id: 'a random number',
      title: 'what it is called',
      body: 'what is done',
      components: 'to which parts',
      effect: 'whether visitors are asked to come back later',
      starts_at: 'from when',
      ends_at: 'until when',
      sequence: 'how often it was changed',
      reason: 'why it was announced late, if it was',
      created_at: 'when it was written down',
      announced_at: 'when its beginning was announced',
      changed_at: 'when it was changed last',
      cancelled_at: 'when it was called off',
      completed_at: 'when it was done',
    },
  },
  incidents: {
    what: 'Incidents',
    why: 'To tell what went wrong.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'as a public record' } },
    fields: {
      id: 'a random number',
      title: 'what it is called',
      impact: 'how bad it was',
      cause: 'whose doing it was',
      components: 'which parts',
      started_at: 'since when',
      resolved_at: 'until when',
      created_at: 'when it was written down',
    },
  },
  incident_updates: {
    what: 'What was told of incidents',
    why: 'To tell how it goes on.',
    ...{ whose: 'nobody', basis: null, kept: { forGood: 'as a public record' } },
    fields: {
      id: 'a random number',
      incident_id: 'which incident',
      state: 'how it stood',
      body: 'what was told',
      at: 'when',
    },
  },

  breaches: {
    what: 'The register of breaches',
    why: 'To write down what happened to data and what was done, as the law asks (GDPR Article 33(5)).',
    ...{ whose: 'operator', basis: 'c', kept: { rule: 'breaches' } },
    fields: {
      id: 'a random number',
      revision: 'how often it was changed',
      noticed_at: 'when it was noticed',
      authority_told_at: 'when the authority was told',
      people_told_at: 'when those concerned were told',
      people_told: 'how often they were told',
      closed_at: 'when it was closed',
      created_at: 'when it was written down',
      changed_at: 'when it was changed last',
    },
  },
  breach_facts: {
    what: 'What was known of a breach',
    why: 'To tell the authority and those concerned what the law asks for, and to show later what was known when.',
    ...{ whose: 'operator', basis: 'c', kept: { rule: 'breaches' } },
    fields: {
      breach_id: 'which breach',
      revision: 'which state of knowledge',
      facts_sealed: sealed('what happened and what was done'),
      by: 'who wrote it down, as a random number',
      at: 'when',
    },
  },
  breach_statements: {
    what: 'Public statements about a breach',
    why: 'To tell everybody.',
    ...{ whose: 'nobody', basis: null, kept: { rule: 'breaches' } },
    fields: {
      breach_id: 'which breach',
      number: 'the how many-th',
      title: 'what it is called',
      text: 'what it says',
      hash: { what: 'a fingerprint of it', form: 'plain' },
      at: 'when',
    },
  },
  breach_accounts: {
    what: 'Whom a breach concerns',
    why: 'To tell each of them.',
    ...{ whose: 'account', basis: 'c', kept: { rule: 'breaches' } },
    fields: { breach_id: 'which breach', account_id: 'the account, as a random number' },
  },
  examinations: {
    what: 'What the doctor found',
    why: 'To look after the service’s own health.',
    ...{ whose: 'nobody', basis: null, kept: { rule: 'examinations' } },
    fields: {
      at: 'when it looked',
      failing: 'how much was wrong',
      warnings: 'how much was doubtful',
      checks: 'what it looked at',
    },
  },

  feedback: {
    what: 'Feedback',
    why: 'To read it, act on it, and answer.',
    ...{ whose: 'sender', basis: 'f', kept: { rule: 'feedback', and: 'open feedback' } },
    fields: {
      id: 'a random number',
      kind: 'what sort of feedback',
      state: 'how far it is',
      terms_number: 'the version of the Terms it is about',
      clause: 'the clause it is about',
      text_sealed: sealed('what you wrote'),
      address_sealed: {
        ...sealed('your e-mail address, if you want the answer there'),
        kept: { until: 'it is closed' },
      },
      receipt_hash: hashed('the code with which you read the answer'),
      created_at: 'when it came',
      changed_at: 'when something came of it last',
      answered_at: 'when it was answered first',
      closed_at: 'when it was closed',
    },
  },
  feedback_entries: {
    what: 'Answers and notes',
    why: 'To answer, and to know what was thought of it.',
    ...{ whose: 'sender', basis: 'f', kept: { rule: 'feedback', and: 'open feedback' } },
    fields: {
      id: 'a random number',
      feedback_id: 'which feedback',
      sort: 'whether it is from you, an answer, or a note',
      by: 'which operator, as a random number, or nobody, if it is from you',
      text_sealed: sealed('what it says'),
      at: 'when',
    },
  },
}

/** What is not in the tables. */
export const ELSEWHERE: readonly Elsewhere[] = [
  {
    place: 'browser',
    what: 'The files of the widget',
    why: 'So that they are loaded once. They are the same for everybody.',
    ...{ whose: 'nobody', basis: null },
    kept: 'as your browser keeps any file',
  },
  {
    place: 'browser',
    name: 'OneCaptchaToken',
    what: 'A cookie of the site’s own, with a hash of the token',
    why: 'For sites that embed One Captcha in the way of its first version. Its script makes it, in your browser; it never reaches us.',
    ...{ whose: 'visitor', basis: 'f' },
    kept: 'as long as that site says, a minute where it says nothing',
  },
  {
    place: 'browser',
    name: '__Host-one-captcha-session',
    what: 'A cookie, with a random number',
    why: 'So that you stay logged in to the console.',
    ...{ whose: 'account', basis: 'b' },
    kept: 'until you log out, or the session ends',
  },
  {
    place: 'browser',
    name: '__Host-one-captcha-known',
    what: 'A cookie, sealed: this browser has logged in to your account before',
    why: 'So that a stranger who tries your login does not lock you out.',
    ...{ whose: 'account', basis: 'b' },
    kept: '180 days after the last log-in',
  },
  {
    place: 'browser',
    name: '__Host-one-captcha-said',
    what: 'A cookie, with the name of a sentence',
    why: 'To say on the next page of the console what was done on the one before.',
    ...{ whose: 'account', basis: 'b' },
    kept: 'a minute at most, and until it was shown',
  },
  {
    place: 'browser',
    what: 'Challenge and token, sealed',
    why: 'Your browser carries them, so that nothing about you is remembered here.',
    ...{ whose: 'visitor', basis: 'f' },
    kept: 'ten minutes at most; they end by themselves',
  },
  {
    place: 'memory',
    what: 'Your network’s prefix, as a code under a random key',
    why: 'So that whoever asks for very much pays for it with work.',
    ...{ whose: 'visitor', basis: 'f' },
    kept: 'the key for 20 minutes at most; counts, which say nothing without it, fade within an hour',
  },
  {
    place: 'memory',
    what: 'Your solution: the work, where the piece was put, the way of the pointer',
    why: 'To judge it.',
    ...{ whose: 'visitor', basis: 'f' },
    kept: 'until it is judged, at once',
  },
  {
    place: 'memory',
    what: 'How often a login was tried, or called by its keys',
    why: 'So that passwords cannot be guessed, and nobody takes all there is.',
    ...{ whose: 'account', basis: 'f' },
    kept: 'it fades within an hour',
  },
  {
    place: 'ledger',
    what: 'Random numbers of challenges, tokens and links that were used',
    why: 'So that none is used twice.',
    ...{ whose: 'nobody', basis: null },
    kept: 'until shortly after they would have ended anyway',
  },
  {
    place: 'ledger',
    what: 'Revisions of sites',
    why: 'So that what was revoked is refused by every machine at once.',
    ...{ whose: 'nobody', basis: null },
    kept: 'for good; they are sitekeys with a number each',
  },
  {
    place: 'log',
    what: 'Faults of the service: when, which route, what went wrong',
    why: 'To mend it. No address, name, token or query is in it.',
    ...{ whose: 'nobody', basis: null },
    kept: 'as the operator keeps logs',
  },
  {
    place: 'mail',
    what: 'Letters to you, with your address',
    why: 'To bring you what you asked for or must know.',
    ...{ whose: 'account', basis: 'b' },
    kept: 'until the mail server has them; from then on it is between it and yours',
  },
  {
    place: 'copies',
    what: 'Copies of the tables, where the operator makes them',
    why: 'So that nothing is lost with a disk. What is encrypted stays so; the key is not in them.',
    ...{ whose: 'account', basis: 'f' },
    kept: 'as long as the operator keeps them; what was deleted is gone with the last older copy',
  },
]

/** Letters of GDPR Article 6(1), with what they stand for. */
export const BASES = {
  b: { name: 'Contract', words: 'you asked for it, and it cannot be done without' },
  c: { name: 'Law', words: 'the law asks it of the operator' },
  f: {
    name: 'Legitimate interest',
    words: 'the security of sites, of the service and of those who use it',
  },
} as const

export type Basis = keyof typeof BASES

/** Whose data it is. In the tables nothing is a visitor's. */
export type Whose = 'account' | 'sender' | 'operator' | 'nobody'

/** Readable; encrypted under a root key; a hash under one; a sum over many. */
export type Form = 'plain' | 'encrypted' | 'hash' | 'sum'

/** For how long: until a rule of `retention.ts` deletes it, or with what it belongs to, or longer for a reason. */
export type Kept =
  | { rule: RuleName; and?: RuleName }
  | { with: 'account' | 'site' }
  | { until: string }
  | { forGood: string }

interface Field {
  what: string
  /** As the table's, if not given. */
  form?: Form
  kept?: Kept | 'as id'
}

interface Table<Column extends string> {
  what: string
  why: string
  whose: Whose
  basis: Basis | null
  kept: Kept
  form?: Form
  fields: Record<Column, string | Field>
}

type Purposes = { readonly [Name in keyof Schema]: Table<keyof Schema[Name] & string> }

interface Elsewhere {
  place: 'browser' | 'memory' | 'ledger' | 'log' | 'mail' | 'copies'
  /** A cookie's. */
  name?: string
  what: string
  why: string
  whose: Whose | 'visitor'
  basis: Basis | null
  kept: string
}

function sealed(what: string): Field {
  return { what, form: 'encrypted' }
}

function hashed(what: string): Field {
  return { what, form: 'hash' }
}

/** A field, with nothing left out. */
export interface FieldRow {
  table: keyof Schema
  column: string
  what: string
  form: Form
  kept: Kept
}

/** All fields of a table, in its order. */
export function fieldsOf(table: keyof Schema): FieldRow[] {
  const { fields, form = 'plain', kept }: Table<string> = PURPOSES[table]
  return Object.entries(fields).map(([column, field]) => {
    const given: Field = typeof field === 'string' ? { what: field } : field
    const own = given.kept === 'as id' ? (fields.id as Field).kept : given.kept
    return {
      ...{ table, column, what: given.what, form: given.form ?? form },
      kept: (own as Kept | undefined) ?? kept,
    }
  })
}
