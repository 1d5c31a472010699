import { SCOPES } from '../../src/manage/may.ts'
import type { Account, AccountRole, Role, Scope } from '../../src/store/store.ts'
import type { TestService } from './service.ts'

/** What came back from the management API. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  body: any
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

/** Somebody who has an account and a key. */
export interface Tenant {
  account: Account
  key: string
  keyId: string
  call: Call
}

let count = 0

/** Makes an account with a key. All scopes, unless said otherwise. */
export async function addTenant(
  service: TestService,
  {
    role = 'developer',
    scopes = [...SCOPES],
    sitekey = null,
  }: { role?: AccountRole; scopes?: Scope[]; sitekey?: string | null } = {},
): Promise<Tenant> {
  const { accounts } = service.context.store
  const login = `tenant-${++count}`
  const account = await accounts.add({ login, role, password: null })
  return { account, ...(await addKey(service, account, { scopes, sitekey })) }
}

/** Makes another key for an account. */
export async function addKey(
  service: TestService,
  account: Account,
  { scopes = [...SCOPES], sitekey = null }: { scopes?: Scope[]; sitekey?: string | null } = {},
): Promise<Omit<Tenant, 'account'>> {
  const order = { accountId: account.id, sitekey, name: 'test', scopes, expiresAt: null }
  const { key, row } = await service.context.store.apiKeys.add(order, account.id)
  return { key, keyId: row.id, call: callWith(service.url, key) }
}

/** Calls the management API with a key, or without. Paths begin after `/v1/manage`. */
export function callWith(url: string, key: string | null): Call {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/v1/manage${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const json = /json$/.test(response.headers.get('content-type')?.split(';')[0] ?? '')
    const parsed = json && !text.includes('\n') ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, text, body: parsed }
  }
}

/** Names of all that one tenant has, for calls on it. */
export interface Belongings {
  sitekey: string
  secret: string
  secretId: string
  memberId: string
  invitationId: string
  invitationToken: string
}

/** Gives a tenant a site with two secrets, a member and an open invitation. */
export async function furnish(service: TestService, tenant: Tenant): Promise<Belongings> {
  const { store, manage } = service.context
  const { account } = tenant
  const { sitekey, secret } = await store.sites.add({
    ...{ hosts: ['example.test'], mode: 'checkbox', owner: account.id, effortFloor: 1 },
  })
  await store.sites.rotate(sitekey, 3_600_000)
  const { accounts } = store
  const login = `member-${++count}`
  const member = await accounts.add({ login, role: 'developer', password: null })
  await join(service, sitekey, member.id, 'viewer')
  const actor = { account, by: account.id, scopes: null, onlySite: null, elevated: true }
  const { invitation, token } = await manage.inviteMember(actor, sitekey, 'viewer')
  return {
    sitekey,
    secret,
    secretId: (await store.secrets.list(sitekey))[0]!.id,
    memberId: member.id,
    invitationId: invitation.id,
    invitationToken: token,
  }
}

export async function join(service: TestService, sitekey: string, accountId: string, role: Role) {
  await service.context.store.members.set(sitekey, accountId, role)
}

/** One good call of every route: `route` as the OpenAPI document writes it. */
export interface Good {
  method: string
  route: string
  path: string
  body?: unknown
  status: number
  /** Only for those who run the service. */
  operator?: true
}

/** The calls on one site. */
export function siteCalls(has: Belongings): Good[] {
  const site = `/sites/${has.sitekey}`
  const numbers = '?span=hour&from=1790000000000&to=1790086400000'
  const on = (method: string, route: string, path: string, status: number, body?: unknown) => ({
    ...{ method, route: `/v1/manage/sites/{sitekey}${route}`, path: site + path, status, body },
  })
  return [
    on('GET', '', '', 200),
    on('PATCH', '', '', 200, { name: 'Another' }),
    on('GET', '/secrets', '/secrets', 200),
    on('POST', '/secrets', '/secrets', 201, { overlapMs: 60_000 }),
    on('DELETE', '/secrets/{id}', `/secrets/${has.secretId}`, 204),
    on('GET', '/numbers', `/numbers${numbers}`, 200),
    on('GET', '/members', '/members', 200),
    on('PUT', '/members/{id}', `/members/${has.memberId}`, 204, { role: 'admin' }),
    on('DELETE', '/members/{id}', `/members/${has.memberId}`, 204),
    on('GET', '/invitations', '/invitations', 200),
    on('POST', '/invitations', '/invitations', 201, { role: 'developer' }),
    on('DELETE', '/invitations/{id}', `/invitations/${has.invitationId}`, 204),
    on('GET', '/audit', '/audit', 200),
    { ...on('POST', '/suspend', '/suspend', 204), operator: true },
    { ...on('POST', '/reinstate', '/reinstate', 204), operator: true },
    on('DELETE', '', '', 204),
  ]
}

/** The calls on no site: on oneself, and the operator's on an account and an invitation. */
export function otherCalls(ids: {
  keyId: string
  accountId: string
  invitationId: string
  /** A window to come, one that runs, and an incident that is open. */
  windowId?: string
  runningId?: string
  incidentId?: string
  webhookId?: string
}): Good[] {
  const to = (method: string, route: string, status: number, body?: unknown): Good => ({
    ...{ method, route: `/v1/manage${route}`, status, body },
    path: route.replace('{id}', route.startsWith('/keys') ? ids.keyId : ids.accountId),
  })
  const operators = [
    to('GET', '/audit/export', 200),
    to('GET', '/accounts', 200),
    to('GET', '/accounts/{id}', 200),
    to('POST', '/accounts/{id}/suspend', 204),
    to('POST', '/accounts/{id}/reinstate', 204),
    to('POST', '/accounts/{id}/terminate', 204),
    to('GET', '/invitations', 200),
    to('POST', '/invitations', 201, { role: 'developer' }),
    {
      ...to('DELETE', '/invitations/{id}', 204),
      path: `/invitations/${ids.invitationId}`,
    },
    to('GET', '/settings', 200),
    to('PATCH', '/settings', 200, { sitesMax: 50 }),
    ...statusCalls(ids),
  ]
  return [
    to('GET', '/self', 200),
    to('GET', '/sites', 200),
    to('POST', '/sites', 201, { hosts: ['other.test'] }),
    to('GET', '/keys', 200),
    to('DELETE', '/keys/{id}', 204),
    to('GET', '/audit', 200),
    to('GET', '/audit/head', 200),
    ...webhookCalls(ids.webhookId ?? 'whk_x'),
    ...operators.map((call) => ({ ...call, operator: true as const })),
  ]
}

/** Webhooks of the account's own. */
function webhookCalls(id: string): Good[] {
  const webhooks = '/webhooks'
  const to = (method: string, route: string, path: string, status: number, body?: unknown) => ({
    ...{ method, route: `/v1/manage${route}`, path, status, body },
  })
  return [
    to('GET', webhooks, webhooks, 200),
    to('POST', webhooks, webhooks, 201, { url: 'https://example.org/news', kinds: ['terms'] }),
    to('PATCH', `${webhooks}/{id}`, `${webhooks}/${id}`, 200, { kinds: ['incident'] }),
    to('POST', `${webhooks}/{id}/test`, `${webhooks}/${id}/test`, 200),
    to('DELETE', `${webhooks}/{id}`, `${webhooks}/${id}`, 204),
  ]
}

/** A webhook of an account, for calls on it: it leads nowhere. */
export async function addWebhook({ context }: TestService, accountId: string): Promise<string> {
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`
  const url = 'https://nobody.invalid/'
  const { id } = await context.store.webhooks.add({ accountId, url, kinds: ['terms'], secret })
  return id
}

/** Maintenance and incidents: the operator's. */
function statusCalls({ windowId = 'mnt_x', runningId = 'mnt_y', incidentId = 'inc_x' }): Good[] {
  const [windows, incidents] = ['/maintenances', '/incidents']
  const to = (method: string, route: string, path: string, status: number, body?: unknown) => ({
    ...{ method, route: `/v1/manage${route}`, path, status, body },
  })
  const hours = (count: number) => Date.now() + count * 3_600_000
  const moments = { startsAt: hours(72), endsAt: hours(73) }
  const words = { title: 'New disks', components: ['console'] }
  return [
    to('GET', windows, windows, 200),
    to('POST', windows, windows, 201, { ...words, ...moments }),
    to('GET', `${windows}/{id}`, `${windows}/${windowId}`, 200),
    to('PATCH', `${windows}/{id}`, `${windows}/${windowId}`, 200, { endsAt: hours(80) }),
    to('POST', `${windows}/{id}/cancel`, `${windows}/${windowId}/cancel`, 204),
    to('POST', `${windows}/{id}/complete`, `${windows}/${runningId}/complete`, 204),
    to('GET', incidents, incidents, 200),
    to('POST', incidents, incidents, 201, { ...words, body: 'We are looking into it.' }),
    to('GET', `${incidents}/{id}`, `${incidents}/${incidentId}`, 200),
    to('POST', `${incidents}/{id}/updates`, `${incidents}/${incidentId}/updates`, 201, {
      ...{ state: 'identified', body: 'A disk is full.' },
    }),
  ]
}

/** Two windows and an incident, for calls on them. */
export async function addStatus({ context: { store } }: TestService) {
  const now = Date.now()
  const wish = (startsAt: number) => ({
    ...{ title: 'New disks', body: '', components: ['console'] as const, effect: 'none' as const },
    ...{ startsAt, endsAt: now + 80 * 3_600_000, reason: 'a test' },
  })
  const add = async (startsAt: number) => {
    const { components, ...rest } = wish(startsAt)
    return store.maintenances.announce({ ...rest, components: [...components] }, 'cli')
  }
  const incident = await store.incidents.open(
    {
      ...{ title: 'Letters are late', impact: 'minor', cause: 'unknown', startedAt: now },
      ...{ components: ['notices'], state: 'investigating', body: 'We look.' },
    },
    'cli',
  )
  return {
    windowId: (await add(now + 72 * 3_600_000)).id,
    runningId: (await add(now - 60_000)).id,
    incidentId: incident.id,
  }
}
