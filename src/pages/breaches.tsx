import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { minuteOf } from '../moments.ts'
import type { Statement } from '../store/store.ts'
import { paragraphs } from '../typed-text.ts'
import { Page, sendPage } from './page.tsx'

/** What was made public about breaches: a page, a feed, and JSON. */
export function breaches(app: FastifyInstance, context: Context) {
  const { breaches, config } = context
  const schema = { hide: true }
  const keep = 'public, max-age=300'

  app.get('/breaches', { schema }, async (_, reply) =>
    sendPage(
      reply,
      <Breaches
        statements={await breaches.statements()}
        demo={context.demo !== null}
        contact={config.contact}
      />,
    ),
  )
  app.get('/breaches.atom', { schema }, async (_, reply) =>
    reply
      .type('application/atom+xml; charset=utf-8')
      .header('cache-control', keep)
      .send(await breaches.feed()),
  )
  app.get('/breaches.json', { schema }, async (_, reply) =>
    reply.header('cache-control', keep).send(await breaches.record()),
  )
}

interface BreachesProps {
  statements: Statement[]
  demo: boolean
  contact: string
}

function Breaches({ statements, demo, contact }: BreachesProps) {
  return (
    <Page
      title="Breaches – One Captcha"
      description="What was made public about data that was lost, changed or seen by somebody who should not."
      path="/breaches"
      demo={demo}
      feed={{ path: '/breaches.atom', title: 'Breaches' }}
    >
      <div class="text">
        <h1>Breaches</h1>
        <p class="lead">
          If data is lost, changed, or seen by somebody who should not, those whom it concerns are
          told themselves. What is said to everybody stands here, and is never changed.
        </p>
        {statements.length === 0 && <p>Nothing was made public so far.</p>}
      </div>
      {statements.map((statement) => (
        <article class="card text" id={`${statement.breachId}-${statement.number}`}>
          <h2 class="lines">{statement.title}</h2>
          <p class="hint">
            <Moment at={statement.at} />
            {statement.number > 1 && ' · adds to what was said before'}
          </p>
          {paragraphs(statement.text).map((one) => (
            <p class="lines">{one}</p>
          ))}
          <details>
            <summary>How to tell that it was not changed</summary>
            <p class="hint">
              SHA-256 of the title, a line feed and the text:{' '}
              <code class="lines">{statement.hash}</code>. It is in the service’s audit log too.
            </p>
          </details>
        </article>
      ))}
      <div class="text">
        <p>
          The same as a <a href="/breaches.atom">feed</a> and as <a href="/breaches.json">JSON</a>.
          {contact !== '' && (
            <>
              {' '}
              Questions:{' '}
              <a href={contact.startsWith('https:') ? contact : `mailto:${contact}`}>{contact}</a>
            </>
          )}
        </p>
      </div>
    </Page>
  )
}

/** In UTC, written out. */
function Moment({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{minuteOf(at)} UTC</time>
}
