import {
  AUTHORITY_MS,
  clockOf,
  FACT_WORDS,
  missingForAuthority,
  missingForPeople,
  unfinished,
} from '../../../breaches/breach.ts'
import { readText } from '../../../manage/read.ts'
import { readMinute } from '../../../moments.ts'
import type { AuditEvent, Breach, BreachRevision, Statement } from '../../../store/store.ts'
import { Form } from '../../fields.tsx'
import { page, type Scope } from '../../http.tsx'
import { Ask, Badge, Callout, Card, Facts, Table, When } from '../../parts.tsx'
import { type Answer, go, useVisit, type Visit } from '../../visit.ts'
import { wordsOf } from '../../words.ts'
import { PromisesFrame } from '../frame.tsx'
import { RISK_CHOICES } from './facts.tsx'
import { ClockBadge, Lines } from './parts.tsx'
import { AuthorityCard, ConcernedCard, PeopleCard, PublicCard } from './telling.tsx'

const TAB = '/console/promises/breaches'
const SHOWN = 50

/** One breach: what is known, what is to be done next, who was told, and what was done when. */
export function breachPage(scope: Scope) {
  page(scope, '/promises/breaches/:id', {
    operator: true,
    bytesMax: 131_072,
    get: async (visit) => {
      const { context, actor, params, query } = visit
      const id = params.id!
      const breach = await context.breaches.one(actor, id)
      const { revision } = breach
      if (query('as') === 'authority')
        return draft(
          `breach-${id}-${revision}-authority.md`,
          await context.breaches.authorityDraft(actor, id),
        )
      if (query('as') === 'people')
        return draft(
          `breach-${id}-${revision}-people.txt`,
          await context.breaches.peopleDraft(actor, id),
        )
      const accounts = await context.breaches.accounts(actor, id, '', SHOWN)
      const all = await context.breaches.statements()
      return (
        <One
          breach={breach}
          accounts={accounts}
          statements={all.filter(({ breachId }) => breachId === id)}
          {...(await context.breaches.history(actor, id))}
        />
      )
    },
    post: {
      concern: async (visit) => {
        const { context, actor, params, url } = visit
        await context.breaches.concern(actor, params.id!, concernedIn(visit))
        return go(url, 'breach-concerned')
      },
      unconcern: async ({ context, actor, params, url }) => {
        await context.breaches.unconcern(actor, params.id!)
        return go(url, 'breach-unconcerned')
      },
      authority: async ({ context, actor, params, form, url }) => {
        const at = readMinute(form.text('at'))
        await context.breaches.authorityTold(actor, params.id!, at, form.text('lateReason'))
        return go(url, 'breach-authority-told')
      },
      people: async ({ context, actor, params, form, url }) => {
        const order = { before: whole(form.text('before')), revision: whole(form.text('revision')) }
        await context.breaches.tellPeople(actor, params.id!, order)
        return go(url, 'breach-people-told')
      },
      publish: async ({ context, actor, params, form, url }) => {
        const { text } = form
        const statement = {
          title: text('title'),
          text: text('text'),
          before: whole(text('before')),
        }
        await context.breaches.publish(actor, params.id!, statement)
        return go(url, 'breach-published')
      },
      close: async ({ context, actor, params, form, url }) => {
        await context.breaches.close(actor, params.id!, whole(form.text('revision')))
        return go(url, 'breach-closed')
      },
      reopen: async ({ context, actor, params, form, url }) => {
        await context.breaches.reopen(actor, params.id!, whole(form.text('revision')))
        return go(url, 'breach-reopened')
      },
    },
  })
}

function draft(file: string, body: string): Answer {
  return { file, type: 'text/plain; charset=utf-8', body }
}

function whole(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1
}

function concernedIn({ form }: Visit) {
  if (form.text('whom') === 'everybody') return 'everybody' as const
  const names = readText(form.text('names'), 'names', 100_000, true)
    .split(/[\s,;]+/)
    .filter(Boolean)
  return form.text('whom') === 'sites' ? { sites: names } : { accounts: names }
}

interface OneProps {
  breach: Breach
  accounts: { id: string; login: string }[]
  statements: Statement[]
  known: BreachRevision[]
  done: AuditEvent[]
}

function One({ breach, accounts, statements, known, done }: OneProps) {
  const { facts, closedAt } = breach
  const open = closedAt === null
  return (
    <PromisesFrame
      tab={TAB}
      title={facts.title}
      action={
        open && (
          <a class="button" href={`${TAB}/${breach.id}/facts?revision=${breach.revision}`}>
            Change what is known
          </a>
        )
      }
    >
      {open ? (
        <Next breach={breach} />
      ) : (
        <Callout kind="success">
          This breach was closed on <When at={closedAt} />. It stays in the register for five years.
        </Callout>
      )}
      <Known breach={breach} />
      <ConcernedCard breach={breach} accounts={accounts} />
      <AuthorityCard breach={breach} />
      <PeopleCard breach={breach} />
      <PublicCard statements={statements} />
      <History known={known} done={done} />
      <Closing breach={breach} />
    </PromisesFrame>
  )
}

/** The clock, and the one thing to do next. */
function Next({ breach }: { breach: Breach }) {
  const { facts, accounts, authorityToldAt, peopleTold } = breach
  const clock = clockOf(breach, useVisit().now)
  const dueAt = facts.noticedAt + AUTHORITY_MS
  const kind = clock.state === 'overdue' ? 'danger' : clock.state === 'running' ? 'warning' : 'info'
  return (
    <Card title="The clock of 72 hours" aside={<ClockBadge breach={breach} />}>
      <Facts
        facts={[
          ['Noticed', <When at={facts.noticedAt} />],
          ['The authority must be told by', <When at={dueAt} />],
          [
            'The authority was told',
            authorityToldAt === null ? 'not yet' : <When at={authorityToldAt} />,
          ],
          [
            'Those concerned were told',
            peopleTold === 0 ? 'not yet' : peopleTold === 1 ? 'once' : `${peopleTold} times`,
          ],
        ]}
      />
      <Callout kind={kind}>{next()}</Callout>
    </Card>
  )

  function next(): string {
    if (facts.risk === 'open')
      return 'Next: write down what is known, and judge the risk. Who is told follows from it.'
    const left = unfinished(breach)
    const missing = missingForPeople(facts)
    if (left === null)
      return 'All that the law asks for is done. Add what else gets known, or close it.'
    if (facts.risk === 'high' && authorityToldAt !== null) {
      if (missing.length > 0)
        return `Next: find out ${missing.map((name) => FACT_WORDS[name]).join(', ')}. Then tell those concerned.`
      if (accounts === 0) return 'Next: say which accounts it concerns. Then tell them.'
    }
    return `Next: ${left.charAt(0).toLowerCase()}${left.slice(1)}`
  }
}

function Known({ breach }: { breach: Breach }) {
  const { facts } = breach
  const missing = missingForAuthority(facts)
  return (
    <Card
      title="What is known"
      lead={
        missing.length > 0 &&
        `Not known yet: ${missing.map((name) => FACT_WORDS[name]).join(', ')}. The authority can be told now and get the rest later.`
      }
    >
      <dl class="told">
        <dt>What happened</dt>
        <dd>
          <Lines text={facts.nature} />
        </dd>
        <dt>When it began</dt>
        <dd>{facts.happenedAt === null ? <Lines text="" /> : <When at={facts.happenedAt} />}</dd>
        <dt>Data</dt>
        <dd>
          <Lines text={facts.data} />
          {facts.recordsCount !== null && (
            <span class="hint">about {facts.recordsCount.toLocaleString('en')} records</span>
          )}
        </dd>
        <dt>People</dt>
        <dd>
          <Lines text={facts.people} />
          {facts.peopleCount !== null && (
            <span class="hint">about {facts.peopleCount.toLocaleString('en')} people</span>
          )}
        </dd>
        <dt>What may follow</dt>
        <dd>
          <Lines text={facts.consequences} />
        </dd>
        <dt>What was done, and will be</dt>
        <dd>
          <Lines text={facts.measures} />
        </dd>
        <dt>What they can do</dt>
        <dd>
          <Lines text={facts.advice} />
        </dd>
        <dt>Where to ask</dt>
        <dd>
          <Lines text={facts.contact} />
        </dd>
        <dt>Risk</dt>
        <dd>
          {RISK_CHOICES.find(({ value }) => value === facts.risk)!.label}
          {facts.reason !== '' && (
            <span class="hint">
              <Lines text={facts.reason} />
            </span>
          )}
        </dd>
        {facts.lateReason !== '' && (
          <>
            <dt>Why the authority was told late</dt>
            <dd>
              <Lines text={facts.lateReason} />
            </dd>
          </>
        )}
      </dl>
    </Card>
  )
}

function History({ known, done }: { known: BreachRevision[]; done: AuditEvent[] }) {
  return (
    <Card
      title="What was done when"
      lead="From the log, which nobody can change unnoticed. What was known at each time is in the register that you can download."
    >
      <Table
        caption="What was done, the newest first"
        rows={done}
        columns={[
          {
            title: 'What',
            cell: ({ act, detail }) => (
              <>
                {wordsOf(act)}
                {typeof detail.revision === 'number' && (
                  <span class="hint">
                    state {detail.revision} of {known.length}
                  </span>
                )}
              </>
            ),
          },
          { title: 'When', cell: ({ at }) => <When at={at} /> },
          { title: 'By', cell: ({ by }) => <code>{by}</code> },
        ]}
      />
    </Card>
  )
}

function Closing({ breach }: { breach: Breach }) {
  const { revision, closedAt } = breach
  const left = unfinished(breach)
  return (
    <Card
      title={closedAt === null ? 'Close it' : 'Open it again'}
      lead={
        closedAt === null
          ? (left ?? 'When nothing more is to be found out or done.')
          : 'If something else gets known.'
      }
      aside={left !== null && closedAt === null && <Badge state="ending">Not yet</Badge>}
    >
      {(left === null || closedAt !== null) && (
        <Ask what={closedAt === null ? 'Close…' : 'Open again…'}>
          <p>
            {closedAt === null
              ? 'Nothing of it can be changed then, unless it is opened again.'
              : 'It can be changed then, and what is told is told anew.'}
          </p>
          <Form name={closedAt === null ? 'close' : 'reopen'} plain>
            <input type="hidden" name="revision" value={revision} />
            <button type="submit" class="small">
              {closedAt === null ? 'Close this breach' : 'Open this breach again'}
            </button>
          </Form>
        </Ask>
      )}
    </Card>
  )
}
