import { type BreachFacts, FACT_WORDS, missingForAuthority } from '../../../breaches/breach.ts'
import type { Breach } from '../../../store/store.ts'
import { Form } from '../../fields.tsx'
import { page, type Scope } from '../../http.tsx'
import { Ask, Badge, Card, Empty, Table, When } from '../../parts.tsx'
import { go } from '../../visit.ts'
import { PromisesFrame } from '../frame.tsx'
import { FactsForm, factsIn, RISK_CHOICES } from './facts.tsx'
import { breachPage } from './one.tsx'
import { ClockBadge } from './parts.tsx'

const TAB = '/console/promises/breaches'
/** Long texts, in an alphabet that takes nine bytes a letter on the way. */
const BYTES_MAX = 524_288

/** The register of breaches, and how those whom they concern and the authority are told. */
export function breachesPages(scope: Scope) {
  page(scope, '/promises/breaches', {
    operator: true,
    get: async ({ context, actor, query }) => {
      if (query('as') === 'register')
        return {
          file: 'one-captcha-breaches.json',
          type: 'application/json; charset=utf-8',
          body: `${JSON.stringify(await context.breaches.register(actor), null, 2)}\n`,
        }
      return <All breaches={await context.breaches.list(actor)} />
    },
    post: {
      everybodyOut: async ({ context, actor, who }) => {
        await context.breaches.endSessions(actor, who.session.id)
        return go(TAB, 'everybody-out')
      },
    },
  })

  page(scope, '/promises/breaches/add', {
    operator: true,
    bytesMax: BYTES_MAX,
    get: ({ context, now }) => <Add facts={unknown(now, context.config.contact)} />,
    post: {
      add: async ({ context, actor, form }) => {
        const { id } = await context.breaches.add(actor, factsIn(form))
        return go(`${TAB}/${id}`, 'breach-added')
      },
    },
  })

  page(scope, '/promises/breaches/:id/facts', {
    operator: true,
    bytesMax: BYTES_MAX,
    get: async ({ context, actor, params, query, url }) => {
      const breach = await context.breaches.one(actor, params.id!)
      // The address says which state the form began with: what somebody else has added meanwhile is not written over.
      if (query('revision') === '') return go(`${url.split('?')[0]}?revision=${breach.revision}`)
      return <Change breach={breach} />
    },
    post: {
      facts: async ({ context, actor, params, form, query }) => {
        const revision = Number(query('revision'))
        await context.breaches.set(actor, params.id!, factsIn(form), revision)
        return go(`${TAB}/${params.id}`, 'breach-saved')
      },
    },
  })

  breachPage(scope)
}

/** A breach of which nothing is known but that it was noticed now. */
function unknown(now: number, contact: string): BreachFacts {
  return {
    ...{ title: '', nature: '', data: '', people: '', consequences: '', measures: '', advice: '' },
    ...{ noticedAt: now, happenedAt: null, peopleCount: null, recordsCount: null },
    ...{ contact, risk: 'open', reason: '', lateReason: '' },
  }
}

function All({ breaches }: { breaches: Breach[] }) {
  const action = (
    <a class="button" href={`${TAB}/add`}>
      Write a breach down
    </a>
  )
  return (
    <PromisesFrame tab={TAB} action={breaches.length > 0 ? action : undefined}>
      {breaches.length === 0 ? (
        <Empty title="No breach is known" action={action}>
          If data was lost, changed, or seen by somebody who should not, write it down here at once,
          also where you know little yet. The law gives you 72 hours to tell the authority.
        </Empty>
      ) : (
        <Card
          title="The register"
          aside={
            <a href={`${TAB}?as=register`} download>
              Download it
            </a>
          }
        >
          <Table
            caption="Breaches, the newest first"
            rows={breaches}
            columns={[
              {
                title: 'Breach',
                cell: ({ id, facts }) => <a href={`${TAB}/${id}`}>{facts.title}</a>,
              },
              { title: 'Noticed', cell: ({ facts }) => <When at={facts.noticedAt} /> },
              { title: 'Authority', cell: (breach) => <ClockBadge breach={breach} /> },
              {
                title: 'Risk',
                cell: ({ facts }) => RISK_CHOICES.find(({ value }) => value === facts.risk)!.label,
              },
              {
                title: 'Standing',
                cell: ({ closedAt }) =>
                  closedAt === null ? (
                    <Badge state="ending">Open</Badge>
                  ) : (
                    <Badge state="good">Closed</Badge>
                  ),
              },
            ]}
          />
        </Card>
      )}
      <Contain />
    </PromisesFrame>
  )
}

/** What can be done at once, so that it does not get worse. */
function Contain() {
  return (
    <Card
      title="So that it gets no worse"
      lead="What ends here has ended on every node at once, and is written into the log."
    >
      <ul class="bare">
        <li>
          <a href="/console/accounts">Suspend an account</a>: its sessions, keys and sites stop.
        </li>
        <li>
          <a href="/console/service/sites">Suspend a site</a>, or rotate its secret on its own page.
        </li>
        <li>
          <a href="/console/service">Close sign-up</a> while you look.
        </li>
        <li>
          If the root key may be known to somebody, replace it, as{' '}
          <a href="/docs/settings">the settings</a> say.
        </li>
      </ul>
      <Ask what="Log everybody out…">
        <p>
          All sessions end at once but yours. Everybody has to log in again; keys to the management
          API stay good.
        </p>
        <Form name="everybodyOut" plain>
          <button type="submit" class="danger small">
            Log everybody out
          </button>
        </Form>
      </Ask>
    </Card>
  )
}

function Add({ facts }: { facts: BreachFacts }) {
  return (
    <PromisesFrame tab={TAB} title="Write a breach down">
      <Card
        title="What is known"
        lead="Leave empty what you do not know yet, and add it later: each state is kept. All of it is encrypted, and operators alone can read it."
      >
        <FactsForm name="add" facts={facts} button="Write it down" />
      </Card>
    </PromisesFrame>
  )
}

function Change({ breach }: { breach: Breach }) {
  const missing = missingForAuthority(breach.facts)
  return (
    <PromisesFrame tab={TAB} title={breach.facts.title}>
      <Card
        title="What is known by now"
        lead={
          missing.length > 0
            ? `Not known yet: ${missing.map((name) => FACT_WORDS[name]).join(', ')}.`
            : 'The authority can be told all that it asks for.'
        }
      >
        <FactsForm name="facts" facts={breach.facts} button="Save" />
      </Card>
    </PromisesFrame>
  )
}
