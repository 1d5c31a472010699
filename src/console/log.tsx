import { Readable } from 'node:stream'
import { BadRequest } from '../core/bad-request.ts'
import type { AuditEvent } from '../store/store.ts'
import { Frame } from './frame.tsx'
import { page, type Scope } from './http.tsx'
import { Card, Copyable, Empty, Table, Tabs, When } from './parts.tsx'
import { SiteFrame, siteOf } from './site/frame.tsx'
import { type Answer, useVisit, type Visit } from './visit.ts'
import { detailsOf, nameOf, wordsOf } from './words.ts'

const EVENTS = 50
const BATCH = 500
/** How far back a filter looks at once, in batches; then the reader asks for more. */
const BATCHES_MAX = 4

const SUBJECTS = [
  ['', 'Everything'],
  ['site', 'Sites'],
  ['secret', 'Secrets'],
  ['member', 'Members'],
  ['invitation', 'Invitations'],
  ['key', 'Keys'],
  ['account', 'Accounts'],
  ['passkey', 'Passkeys'],
  ['recovery', 'Recovery codes'],
  ['session', 'Sessions'],
  ['webhook', 'Webhooks'],
  ['notice', 'Notices'],
  ['settings', 'Settings'],
  ['breach', 'Breaches'],
] as const

interface Wish {
  sitekey?: string
  everything?: boolean
}

/** What was done: to a site, to oneself and one's sites, and for operators to all. */
export function logPages(scope: Scope) {
  page(scope, '/log', {
    get: async (visit) => {
      const everything = visit.query('of') === 'all'
      if (everything && visit.who.account.role !== 'operator')
        throw new BadRequest('not-found', 'There is no such page.')
      const wish = { everything }
      if (visit.query('as') === 'file') return download(visit, wish)
      const names = await namesOf(visit)
      return (
        <Frame
          title="Log"
          here="log"
          tabs={visit.who.account.role === 'operator' ? <Whose everything={everything} /> : null}
        >
          <Log {...(await read(visit, wish))} names={names} />
          <Head head={await visit.context.manage.auditHead(visit.actor)} />
        </Frame>
      )
    },
  })

  page(scope, '/sites/:sitekey/log', {
    get: async (visit) => {
      const site = await siteOf(visit)
      const wish = { sitekey: site.sitekey }
      if (visit.query('as') === 'file') return download(visit, wish)
      const names = await namesOf(visit, site.sitekey)
      return (
        <SiteFrame site={site} tab="/log">
          <Log {...(await read(visit, wish))} names={names} ofSite />
        </SiteFrame>
      )
    },
  })
}

function Whose({ everything }: { everything: boolean }) {
  return (
    <Tabs
      label="Whose log"
      here={everything ? '/console/log?of=all' : '/console/log'}
      tabs={[
        { path: '/console/log', words: 'Mine' },
        { path: '/console/log?of=all', words: 'Everybody’s' },
      ]}
    />
  )
}

/** A page of events, newest first, and where the next begins; null where there are no more. */
async function read(visit: Visit, wish: Wish) {
  const about = SUBJECTS.find(([subject]) => subject === visit.query('about'))?.[0] ?? ''
  const start = /^\d{1,15}$/.test(visit.query('before')) ? Number(visit.query('before')) : undefined
  const events: AuditEvent[] = []
  let before = start
  for (let batch = 0; batch < BATCHES_MAX; batch++) {
    const limit = about === '' ? EVENTS + 1 : BATCH
    const found = await visit.context.manage.audit(visit.actor, { ...wish, before, limit })
    events.push(...found.filter(({ act }) => about === '' || act.startsWith(`${about}.`)))
    before = found.at(-1)?.seq
    if (found.length < limit) before = undefined
    if (events.length > EVENTS || before === undefined) break
  }
  const shown = events.slice(0, EVENTS)
  const next = events.length > EVENTS ? shown.at(-1)!.seq : (before ?? null)
  return { events: shown, next, about, first: start === undefined }
}

/** Who and what the log is about, as far as the reader may know their names. */
async function namesOf(visit: Visit, sitekey?: string): Promise<Map<string, string>> {
  const { context, actor, who } = visit
  const [sites, members] = await Promise.all([
    context.manage.sites(actor),
    sitekey ? context.manage.members(actor, sitekey) : [],
  ])
  return new Map([
    ...members.map(({ accountId, login }): [string, string] => [accountId, login]),
    ...sites.map((site): [string, string] => [site.sitekey, nameOf(site)]),
    [who.account.id, 'you'],
    ['cli', 'the command line'],
    ['service', 'the service'],
  ])
}

interface LogProps {
  events: AuditEvent[]
  next: number | null
  about: string
  first: boolean
  names: Map<string, string>
  /** All of it is about one site, which the page names. */
  ofSite?: boolean
}

function Log({ events, next, about, first, names, ofSite }: LogProps) {
  const { url } = useVisit()
  const link = (changes: Record<string, string>) => {
    const { pathname, searchParams } = new URL(url, 'http://console')
    const query = new URLSearchParams(searchParams.get('of') === 'all' ? 'of=all' : '')
    for (const [name, value] of Object.entries(changes)) if (value !== '') query.set(name, value)
    return query.size > 0 ? `${pathname}?${query}` : pathname
  }
  const name = (id: string) => names.get(id) ?? <code>{id}</code>
  const by = (author: string) =>
    author.startsWith('operator:') ? <>{name(author.slice(9))}, as operator</> : name(author)
  return (
    <>
      <Filter about={about} />
      {events.length === 0 ? (
        <Empty title="Nothing here">
          {about === '' && first
            ? 'Whatever is changed is written down here.'
            : 'There is nothing of this kind. Try without the filter.'}
        </Empty>
      ) : (
        <Card
          title="What was done"
          aside={
            <a href={link({ as: 'file' })} download>
              Download all
            </a>
          }
        >
          <Table
            caption="What was done, newest first"
            rows={events}
            columns={[
              { title: 'What', cell: (event) => <What event={event} names={names} /> },
              { title: 'When', cell: ({ at }) => <When at={at} /> },
              { title: 'By', cell: (event) => by(event.by) },
              ...(ofSite
                ? []
                : [{ title: 'To', cell: (event: AuditEvent) => name(event.subject) }]),
              { title: 'Number', number: true, cell: ({ seq }) => `#${seq}` },
            ]}
          />
        </Card>
      )}
      {(next !== null || !first) && (
        <p class="row">
          {!first && <a href={link({ about })}>Newest</a>}
          {next !== null && <a href={link({ about, before: String(next) })}>Older</a>}
        </p>
      )}
    </>
  )
}

function Filter({ about }: { about: string }) {
  const { url } = useVisit()
  const { pathname, searchParams } = new URL(url, 'http://console')
  return (
    <form method="get" action={pathname} class="plain row filter">
      {searchParams.get('of') === 'all' && <input type="hidden" name="of" value="all" />}
      <label for="about">About</label>
      <select id="about" name="about">
        {SUBJECTS.map(([value, words]) => (
          <option value={value} selected={value === about}>
            {words}
          </option>
        ))}
      </select>
      <button type="submit" class="quiet small">
        Show
      </button>
    </form>
  )
}

function What({ event, names }: { event: AuditEvent; names: Map<string, string> }) {
  const details = detailsOf(event, (id) => names.get(id) ?? id)
  return (
    <>
      {wordsOf(event.act)}
      {details.length > 0 && <span class="hint">{details.join('; ')}</span>}
    </>
  )
}

function Head({ head }: { head: { seq: number; hash: string } }) {
  return (
    <Card
      title="The head to keep"
      lead="Each entry’s hash covers the one before it. Keep this line somewhere else: with it “one-captcha audit verify” can tell later that nothing before it was changed."
    >
      <Copyable text={`${head.seq} ${head.hash}`} label="the head" />
    </Card>
  )
}

/** All of it, an event a line, oldest last; for operators the whole chain, oldest first, as `audit verify` reads it. */
function download(visit: Visit, wish: Wish): Answer {
  const { manage } = visit.context
  const events = wish.everything ? manage.auditExport(visit.actor) : pages(visit, wish)
  return {
    file: `one-captcha-log-${wish.sitekey ?? (wish.everything ? 'all' : 'mine')}.jsonl`,
    type: 'application/jsonl; charset=utf-8',
    body: Readable.from(lines(events)),
  }
}

async function* pages(visit: Visit, wish: Wish): AsyncGenerator<AuditEvent> {
  let before: number | undefined
  for (;;) {
    const found = await visit.context.manage.audit(visit.actor, { ...wish, before, limit: BATCH })
    yield* found
    before = found.at(-1)?.seq
    if (found.length < BATCH) return
  }
}

async function* lines(events: AsyncIterable<AuditEvent>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}
