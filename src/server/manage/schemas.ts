import { Type } from 'typebox'
import { EFFORT_MAX, ON_FAILURES, POLICY_LIMITS, THEMES } from '../../core/policy.ts'
import { MODES } from '../../core/site.ts'
import { ROLES, SCOPES } from '../../manage/may.ts'
import { COMPONENT_IDS } from '../../status/components.ts'
import { CAUSES, EFFECTS, IMPACTS, STATES } from '../../status/standing.ts'
import { ErrorReply } from '../schemas.ts'

const closed = { additionalProperties: false }
const choice = (values: readonly string[]) => Type.Unsafe<string>({ type: 'string', enum: values })
const orNull = (schema: object) => Type.Unsafe<number | null>({ anyOf: [schema, { type: 'null' }] })

/** What every reply can be beside a good one. */
export const REFUSALS = { '4xx': ErrorReply, '5xx': ErrorReply }

/** A name in an address. Nothing that we name has any other characters. */
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
/** A whole number in a query string, where all is text. */
const Digits = Type.String({ pattern: '^[0-9]{1,15}$' })
const Moment = Type.Integer({ description: 'Epoch milliseconds.' })
const Day = orNull({
  type: 'integer',
  description: 'Days since 1970 (UTC); null if never. A day, because more would tell of visitors.',
})

export const SiteParams = Type.Object({ sitekey: Id }, closed)
export const SitePartParams = Type.Object({ sitekey: Id, id: Id }, closed)
export const IdParams = Type.Object({ id: Id }, closed)
export const NoQuery = Type.Object({}, closed)
export const PageQuery = Type.Object(
  { after: Type.Optional(Id), limit: Type.Optional(Digits) },
  closed,
)
export const SitesQuery = Type.Object(
  {
    after: Type.Optional(Id),
    limit: Type.Optional(Digits),
    everything: Type.Optional(choice(['true', 'false'])),
  },
  { ...closed, description: 'everything: the sites of all; for operators.' },
)
export const AuditQuery = Type.Object(
  {
    before: Type.Optional(Digits),
    limit: Type.Optional(Digits),
    everything: Type.Optional(choice(['true', 'false'])),
  },
  closed,
)
export const NumbersQuery = Type.Object(
  {
    span: choice(['minute', 'hour']),
    from: Digits,
    to: Digits,
    stepMs: Type.Optional(Digits),
  },
  closed,
)
export const IfMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'The ETag that was read. 412 if the site was changed since.' }),
  ),
})

const [[effortFrom], [waitFrom, waitTo], [lifeFrom, lifeTo], [noscriptFrom, noscriptTo]] = [
  POLICY_LIMITS.effortFloor,
  POLICY_LIMITS.waitMs,
  POLICY_LIMITS.tokenLifeMs,
  POLICY_LIMITS.noscriptPerHour,
]
const Effort = Type.Integer({ minimum: effortFrom, maximum: EFFORT_MAX })
const Name = Type.String({ maxLength: 80 })
const Hosts = Type.Array(Type.String({ minLength: 1, maxLength: 260 }), {
  minItems: 1,
  maxItems: 100,
})
const settings = {
  name: Name,
  hosts: Hosts,
  mode: choice(MODES),
  effortFloor: Effort,
  effortCeiling: Effort,
  waitMs: Type.Integer({ minimum: waitFrom, maximum: waitTo }),
  tokenLifeMs: Type.Integer({ minimum: lifeFrom, maximum: lifeTo }),
  kinds: Type.Array(Type.String({ maxLength: 16 }), { maxItems: 16 }),
  theme: choice(THEMES),
  onFailure: choice(ON_FAILURES),
  noscriptPerHour: Type.Integer({
    minimum: noscriptFrom,
    maximum: noscriptTo,
    description: 'Tokens that can be had without JavaScript, by each of its two ways; 0 for none.',
  }),
}

export const SiteOrder = Type.Object(
  { ...Type.Partial(Type.Object(settings)).properties, hosts: Hosts },
  { ...closed, examples: [{ name: 'Shop', hosts: ['shop.example', '*.shop.example'] }] },
)
export const SiteChanges = Type.Partial(Type.Object(settings), {
  ...closed,
  minProperties: 1,
  examples: [{ mode: 'invisible', effortCeiling: 128 }],
})
export const MadeSite = Type.Object(
  { sitekey: Type.String(), secret: Type.String() },
  { description: 'The secret is shown this once.' },
)
export const SiteReply = Type.Object({
  sitekey: Type.String(),
  state: choice(['active', 'suspended']),
  role: choice(ROLES),
  ...settings,
  hosts: Type.Array(Type.String()),
  revision: Type.Integer({ description: 'Grows with every change; the ETag.' }),
  createdAt: Moment,
  secrets: Type.Integer({ description: 'Secrets that are good now.' }),
})
export const SitesReply = Type.Object({
  sites: Type.Array(SiteReply),
  next: Type.Unsafe<string | null>({
    anyOf: [{ type: 'string' }, { type: 'null' }],
    description: 'To be sent as `after`; null on the last page.',
  }),
})

const SecretReply = Type.Object({
  id: Type.String(),
  hint: Type.String({ description: 'Its last four characters.' }),
  createdAt: Moment,
  expiresAt: orNull({ type: 'integer' }),
  lastUsedDay: Day,
})
export const SecretsReply = Type.Object({ secrets: Type.Array(SecretReply) })
export const RotateOrder = Type.Object(
  { overlapMs: Type.Integer({ minimum: 0, maximum: 30 * 86_400_000 }) },
  { ...closed, examples: [{ overlapMs: 86_400_000 }] },
)
export const MadeSecret = Type.Object(
  { id: Type.String(), secret: Type.String() },
  { description: 'The secret is shown this once.' },
)

export const MembersReply = Type.Object({
  members: Type.Array(
    Type.Object({
      accountId: Type.String(),
      login: Type.String(),
      role: choice(ROLES),
      createdAt: Moment,
    }),
  ),
})
export const RoleOrder = Type.Object(
  { role: choice(ROLES) },
  { ...closed, examples: [{ role: 'developer' }] },
)
const InvitationReply = Type.Object({
  id: Type.String(),
  role: Type.String(),
  invitedBy: Type.String(),
  createdAt: Moment,
  expiresAt: Moment,
})
export const InvitationsReply = Type.Object({ invitations: Type.Array(InvitationReply) })
export const MadeInvitation = Type.Object(
  { token: Type.String(), path: Type.String(), invitation: InvitationReply },
  { description: 'The token, and the path of the link that has it, are shown this once.' },
)

const KeyReply = Type.Object({
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(choice(SCOPES)),
  sitekey: Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
  hint: Type.String(),
  createdAt: Moment,
  expiresAt: orNull({ type: 'integer' }),
  lastUsedDay: Day,
})
export const KeysReply = Type.Object({ keys: Type.Array(KeyReply) })
export const SelfReply = Type.Object({
  account: Type.Object({ id: Type.String(), role: choice(['operator', 'developer']) }),
  key: Type.Object({
    id: Type.String(),
    scopes: Type.Array(choice(SCOPES)),
    sitekey: Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
  }),
})

const WEBHOOK_KINDS = ['terms', 'maintenance', 'incident', 'breach', 'account', 'alert']
const WebhookKinds = Type.Array(choice(WEBHOOK_KINDS), {
  ...{ minItems: 1, maxItems: WEBHOOK_KINDS.length },
  description: 'alert: for operators.',
})
export const WebhookReply = Type.Object({
  id: Type.String(),
  url: Type.String(),
  kinds: Type.Array(choice(WEBHOOK_KINDS)),
  state: choice(['on', 'off']),
  why: Type.String({ description: 'Why it was turned off; empty while it is on.' }),
  createdAt: Moment,
})
export const WebhooksReply = Type.Object({ webhooks: Type.Array(WebhookReply) })
export const WebhookOrder = Type.Object(
  {
    url: Type.String({ maxLength: 500, description: 'An https address on the public internet.' }),
    kinds: WebhookKinds,
  },
  { ...closed, examples: [{ url: 'https://example.org/captcha-news', kinds: ['terms'] }] },
)
export const MadeWebhook = Type.Object(
  { webhook: WebhookReply, secret: Type.String() },
  { description: 'The secret is shown this once.' },
)
export const WebhookChanges = Type.Partial(
  Type.Object({ kinds: WebhookKinds, state: choice(['on']) }),
  { ...closed, minProperties: 1, examples: [{ kinds: ['terms', 'incident'] }] },
)
export const TriedWebhook = Type.Object({
  fault: Type.Unsafe<string | null>({
    anyOf: [{ type: 'string' }, { type: 'null' }],
    description: 'Null for what was taken; otherwise why it was not.',
  }),
})

const EventReply = Type.Object({
  seq: Type.Integer(),
  at: Moment,
  by: Type.String({ description: 'An id, never a name.' }),
  act: Type.String(),
  subject: Type.String(),
  detail: Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
  hash: Type.String(),
})
export const EventsReply = Type.Object({
  events: Type.Array(EventReply),
  next: orNull({ type: 'integer', description: 'To be sent as `before`; null at the end.' }),
})
export const HeadReply = Type.Object(
  { seq: Type.Integer(), hash: Type.String() },
  {
    description:
      'Whoever keeps it can tell later whether anything that was written before was changed.',
  },
)

export const NumbersReply = Type.Object({
  numbers: Type.Array(
    Type.Object({
      startsAt: Moment,
      name: Type.String(),
      label: Type.String(),
      count: Type.Number(),
    }),
  ),
})

const AccountReply = Type.Object({
  id: Type.String(),
  login: Type.String(),
  role: choice(['operator', 'developer']),
  state: choice(['active', 'suspended', 'terminated']),
  createdAt: Moment,
})
export const AccountsReply = Type.Object({
  accounts: Type.Array(AccountReply),
  next: Type.Unsafe<string | null>({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
})
export const OneAccountReply = Type.Object({
  account: AccountReply,
  sites: Type.Array(Type.Object({ sitekey: Type.String(), role: choice(ROLES) })),
})
export const AccountInvitationOrder = Type.Object(
  { role: choice(['developer', 'operator']) },
  { ...closed, examples: [{ role: 'developer' }] },
)
export const SettingsReply = Type.Object({
  signUp: choice(['open', 'invitation', 'closed']),
  sitesMax: Type.Integer({ description: 'Sites that one developer may own.' }),
})
export const SettingsChanges = Type.Partial(
  Type.Object({
    signUp: choice(['open', 'invitation', 'closed']),
    sitesMax: Type.Integer({ minimum: 0, maximum: 10_000 }),
  }),
  { ...closed, minProperties: 1, examples: [{ signUp: 'invitation' }] },
)

export const BeforeQuery = Type.Object({ before: Type.Optional(Digits) }, closed)

/** Lengths are looked at where it is done; these only bound what is read. */
const Line = Type.String({ maxLength: 500 })
const Words = Type.String({ maxLength: 8_000 })
const Components = Type.Array(choice(COMPONENT_IDS), { minItems: 1, maxItems: 8 })
const window = {
  title: Line,
  body: Words,
  components: Components,
  effect: choice(EFFECTS),
  startsAt: Moment,
  endsAt: Moment,
  reason: Type.String({
    maxLength: 2_000,
    description: 'Why it begins sooner than is promised. Public.',
  }),
}
export const MaintenanceOrder = Type.Object(
  {
    ...Type.Partial(Type.Object(window)).properties,
    ...{ title: Line, components: Components, startsAt: Moment, endsAt: Moment },
  },
  {
    ...closed,
    examples: [
      {
        ...{ title: 'New disks for the database', components: ['challenges'], effect: 'paused' },
        ...{ startsAt: 1_790_000_000_000, endsAt: 1_790_003_600_000 },
      },
    ],
  },
)
export const MaintenanceChanges = Type.Partial(
  Type.Object({ ...window, sequence: Type.Integer({ minimum: 0 }) }),
  { ...closed, minProperties: 1, examples: [{ endsAt: 1_790_007_200_000, sequence: 0 }] },
)
export const MaintenanceReply = Type.Object({
  id: Type.String(),
  state: choice(['scheduled', 'in-progress', 'completed', 'cancelled']),
  ...window,
  components: Type.Array(Type.String()),
  sequence: Type.Integer({ description: 'Grows with every change.' }),
  createdAt: Moment,
  announcedAt: Type.Integer({ description: 'When its beginning was announced as it is now.' }),
  changedAt: Moment,
  cancelledAt: orNull({ type: 'integer' }),
  completedAt: orNull({ type: 'integer' }),
})
export const MaintenancesReply = Type.Object({ maintenances: Type.Array(MaintenanceReply) })

const incident = {
  title: Line,
  impact: choice(IMPACTS),
  cause: choice(CAUSES),
  components: Components,
}
export const IncidentUpdateOrder = Type.Object(
  {
    ...{ state: choice(STATES), body: Words },
    ...Type.Partial(Type.Omit(Type.Object(incident), ['title'])).properties,
  },
  { ...closed, examples: [{ state: 'identified', body: 'A disk is full. We make room.' }] },
)
export const IncidentOrder = Type.Object(
  {
    ...Type.Partial(Type.Object({ ...incident, state: choice(STATES), startedAt: Moment }))
      .properties,
    ...{ title: Line, body: Words, components: Components },
  },
  {
    ...closed,
    examples: [
      {
        ...{ title: 'Letters are late', body: 'We are looking into it.' },
        ...{ components: ['notices'], impact: 'minor' },
      },
    ],
  },
)
export const IncidentReply = Type.Object({
  id: Type.String(),
  ...incident,
  components: Type.Array(Type.String()),
  startedAt: Moment,
  resolvedAt: orNull({ type: 'integer' }),
  createdAt: Moment,
  updates: Type.Array(
    Type.Object({ id: Type.String(), state: choice(STATES), body: Words, at: Moment }),
    { description: 'The newest first.' },
  ),
})
export const IncidentsReply = Type.Object({ incidents: Type.Array(IncidentReply) })
