import type { Context } from '../../context.ts'
import { TEXT_MAX } from '../../feedback/read.ts'
import {
  FEEDBACK_KINDS,
  FEEDBACK_STATES,
  type FeedbackEntry,
  type FeedbackKind,
  type FeedbackNumbers,
  type FeedbackRow,
  type FeedbackThread,
} from '../../store/store.ts'
import { Area, Form } from '../fields.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Badge, Callout, Card, Danger, Empty, Facts, Table, When } from '../parts.tsx'
import { go, useVisit, type Visit } from '../visit.ts'
import { PromisesFrame } from './frame.tsx'

const TAB = '/console/promises/feedback'
const PAGE = 30
/** The longest answer, in an alphabet that takes nine bytes a letter on the way. */
const BYTES_MAX = 65_536
const SNIPPET = 90

const KINDS: Record<FeedbackKind, string> = {
  service: 'Service',
  terms: 'Terms',
  security: 'Weakness',
  abuse: 'Abuse',
}

/** What people have told whoever runs the service: an inbox, and a page for each. */
export function feedbackPages(scope: Scope) {
  page(scope, '/promises/feedback', {
    operator: true,
    get: async ({ context, actor, query }) => {
      const state = FEEDBACK_STATES.find((one) => one === query('state'))
      const kind = FEEDBACK_KINDS.find((one) => one === query('kind'))
      const before = query('before') || undefined
      const rows = await context.feedback.list(actor, { state, kind, before, limit: PAGE + 1 })
      const counts = await context.feedback.counts(actor)
      return <Inbox rows={rows} counts={counts} state={state} kind={kind} first={!before} />
    },
  })

  page(scope, '/promises/feedback/:id', {
    operator: true,
    bytesMax: BYTES_MAX,
    get: async (visit) => {
      const thread = await visit.context.feedback.one(visit.actor, visit.params.id!)
      return <One thread={thread} names={await namesOf(visit, thread.entries)} />
    },
    post: {
      reply: async ({ context, actor, params, form, url }) => {
        await context.feedback.reply(actor, params.id!, form.text('text'))
        return go(url, 'feedback-answered')
      },
      note: async ({ context, actor, params, form, url }) => {
        await context.feedback.note(actor, params.id!, form.text('text'))
        return go(url, 'feedback-noted')
      },
      open: async ({ context, actor, params, url }) => {
        await context.feedback.setState(actor, params.id!, 'open')
        return go(url, 'feedback-opened')
      },
      close: async ({ context, actor, params, url }) => {
        await context.feedback.setState(actor, params.id!, 'closed')
        return go(url, 'feedback-closed')
      },
      remove: async ({ context, actor, params }) => {
        await context.feedback.remove(actor, params.id!)
        return go(TAB, 'feedback-removed')
      },
    },
  })
}

/** Who has answered, by the names that operators know each other by. */
async function namesOf(
  { context, actor }: Visit,
  entries: readonly FeedbackEntry[],
): Promise<Map<string, string>> {
  const ids = [...new Set(entries.map(({ by }) => by).filter(Boolean))]
  const names = await Promise.all(ids.map((id) => nameOf(context, actor, id)))
  return new Map(ids.map((id, nth) => [id, names[nth]!]))
}

async function nameOf(context: Context, actor: Visit['actor'], id: string): Promise<string> {
  try {
    return (await context.manage.account(actor, id)).account.login || 'a former operator'
  } catch {
    return 'a program'
  }
}

interface InboxProps {
  rows: FeedbackRow[]
  counts: FeedbackNumbers['counts']
  state: string | undefined
  kind: string | undefined
  first: boolean
}

function Inbox({ rows, counts, state, kind, first }: InboxProps) {
  const shown = rows.slice(0, PAGE)
  const filter = new URLSearchParams(Object.entries({ state, kind }).filter(([, one]) => one) as [])
  const older = new URLSearchParams(filter)
  if (rows.length > PAGE) older.set('before', shown.at(-1)!.id)
  const { context } = useVisit()
  return (
    <PromisesFrame tab={TAB}>
      {!context.config.feedback && (
        <Callout kind="info">
          No feedback is taken just now: ONE_CAPTCHA_FEEDBACK is off. What came before is kept here.
        </Callout>
      )}
      <Filter counts={counts} state={state} kind={kind} />
      {shown.length === 0 ? (
        <Empty title="Nothing here">
          {filter.size > 0 || !first
            ? 'There is nothing of this kind. Try without the filter.'
            : 'What people write on /feedback arrives here. You are told by mail, at most once an hour.'}
        </Empty>
      ) : (
        <Card title="What people wrote">
          <Table
            caption="Feedback, newest first"
            rows={shown}
            columns={[
              {
                title: 'Feedback',
                cell: ({ id, text }) => (
                  <a href={`${TAB}/${id}`} dir="auto">
                    {snippetOf(text)}
                  </a>
                ),
              },
              {
                title: 'About',
                cell: ({ kind, about }) =>
                  about?.clause ? `${KINDS[kind]}, ${about.clause}` : KINDS[kind],
              },
              { title: 'When', cell: ({ createdAt }) => <When at={createdAt} /> },
              { title: 'State', cell: ({ state }) => <Badge state={state} /> },
            ]}
          />
        </Card>
      )}
      {(rows.length > PAGE || !first) && (
        <p class="row">
          {!first && <a href={filter.size > 0 ? `${TAB}?${filter}` : TAB}>Newest</a>}
          {rows.length > PAGE && <a href={`${TAB}?${older}`}>Older</a>}
        </p>
      )}
    </PromisesFrame>
  )
}

function Filter({ counts, state, kind }: Pick<InboxProps, 'counts' | 'state' | 'kind'>) {
  const sum = (of: (one: InboxProps['counts'][number]) => boolean) =>
    counts.filter(of).reduce((all, { count }) => all + count, 0)
  const words = { new: 'New', open: 'Open', answered: 'Answered', closed: 'Closed' } as const
  return (
    <form method="get" action={TAB} class="plain row filter">
      <span class="pair">
        <label for="state">State</label>
        <select id="state" name="state">
          <option value="">Any ({sum(() => true)})</option>
          {FEEDBACK_STATES.map((one) => (
            <option value={one} selected={one === state}>
              {words[one]} ({sum((row) => row.state === one)})
            </option>
          ))}
        </select>
      </span>
      <span class="pair">
        <label for="kind">About</label>
        <select id="kind" name="kind">
          <option value="">Anything</option>
          {FEEDBACK_KINDS.map((one) => (
            <option value={one} selected={one === kind}>
              {KINDS[one]} ({sum((row) => row.kind === one)})
            </option>
          ))}
        </select>
      </span>
      <button type="submit" class="quiet small">
        Show
      </button>
    </form>
  )
}

function snippetOf(text: string): string {
  const line = [...text.replace(/\s+/g, ' ')]
  return line.length > SNIPPET ? `${line.slice(0, SNIPPET).join('')}…` : line.join('')
}

function One({ thread, names }: { thread: FeedbackThread; names: Map<string, string> }) {
  const { kind, about, state, createdAt, address, text, entries } = thread
  const closed = state === 'closed'
  return (
    <PromisesFrame tab={TAB} title={`Feedback on ${ABOUT[kind]}`}>
      <Card>
        <Facts
          facts={[
            ['State', <Badge state={state} />],
            ['Received', <When at={createdAt} />],
            ...(about ? [['Clause', <Clause {...about} />] as const] : []),
            [
              'Answers go',
              address === null ? (
                closed ? (
                  'Nowhere any more'
                ) : (
                  'To the holder of the receipt'
                )
              ) : (
                <>
                  To <bdi>{address}</bdi>, and to the holder of the receipt
                </>
              ),
            ],
          ]}
        />
        {state === 'new' && (
          <Form name="open" plain>
            <button type="submit" class="quiet">
              I am looking at it
            </button>
          </Form>
        )}
      </Card>
      <ol class="thread">
        <Said who="The sender" at={createdAt} text={text} />
        {entries.map((entry) => (
          <Said
            who={
              entry.sort === 'message'
                ? 'The sender'
                : `${names.get(entry.by)}${entry.sort === 'note' ? ', a note among operators' : ''}`
            }
            at={entry.at}
            text={entry.text}
          />
        ))}
      </ol>
      {closed ? (
        <Card
          title="This is closed"
          lead="It is deleted by itself when it was kept as long as was promised. The address is gone already."
        >
          <Form name="open" plain>
            <button type="submit" class="quiet">
              Open it again
            </button>
          </Form>
        </Card>
      ) : (
        <div class="two">
          <Card title="Answer">
            <Form name="reply">
              <Area
                name="text"
                label="Your answer"
                hint={`At most ${TEXT_MAX.toLocaleString('en')} characters. ${address === null ? 'It is read with the receipt.' : 'It goes by mail, and is read with the receipt.'}`}
                rows={6}
              />
              <button type="submit">Answer</button>
            </Form>
          </Card>
          <Card title="Note">
            <Form name="note">
              <Area
                name="text"
                label="Your note"
                hint="Operators see it, and nobody else."
                rows={3}
              />
              <button type="submit" class="quiet">
                Keep the note
              </button>
            </Form>
          </Card>
        </div>
      )}
      <Danger title="An end to it">
        {!closed && (
          <Ask what="Close this">
            <p>
              The address, if there is one, is deleted. Its sender can read what was answered, and
              add nothing. After a while all of it is deleted.
            </p>
            <Form name="close" plain>
              <button type="submit" class="danger">
                Close it
              </button>
            </Form>
          </Ask>
        )}
        <Ask what="Delete this">
          <p>
            All of it is deleted at once, with answers and notes. The receipt leads nowhere then.
            The log says that it was deleted, and not what it was.
          </p>
          <Form name="remove" plain>
            <button type="submit" class="danger">
              Delete it for good
            </button>
          </Form>
        </Ask>
      </Danger>
    </PromisesFrame>
  )
}

const ABOUT: Record<FeedbackKind, string> = {
  service: 'the service',
  terms: 'the Terms',
  security: 'a weakness',
  abuse: 'abuse',
}

function Clause({ number, clause }: { number: number; clause: string }) {
  return (
    <a href={`/terms/versions/${number}${clause && `#${clause}`}`}>
      {clause ? `Clause ${clause}` : 'All of it'},{' '}
      {number === 0 ? 'the founding text' : `version ${number}`}
    </a>
  )
}

/** What others wrote is shown as nothing but text, in its own direction. */
function Said({ who, at, text }: { who: string; at: number; text: string }) {
  return (
    <li class="card">
      <p class="hint">
        {who}, <When at={at} />
      </p>
      <p class="written" dir="auto">
        {text}
      </p>
    </li>
  )
}
