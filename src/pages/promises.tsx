import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { type Kept, PROMISES, STATED } from '../promises.ts'
import { Page } from './page.tsx'
import { leftOut, standingPage, Words } from './parts.tsx'

/** The Terms, promise by promise: what the software does about each, and which tests show it. */
export function promises(app: FastifyInstance, context: Context) {
  const without = leftOut(context)
  standingPage(app, '/promises', () => <Promises demo={context.demo !== null} without={without} />)
  app.get('/promises.json', { schema: { hide: true } }, () => ({
    promises: PROMISES.map((one) => ({ ...one, stated: STATED.has(one.clause) })),
  }))
}

interface PromisesProps {
  demo: boolean
  without: readonly string[]
}

function Promises({ demo, without }: PromisesProps) {
  const proofs = PROMISES.reduce((sum, one) => sum + one.proofs.length, 0)
  const kept = PROMISES.length - STATED.size
  return (
    <Page
      title="Promises – One Captcha"
      description="What the Terms promise, what the software does about it, and the tests that show it."
      path="/promises"
      demo={demo}
    >
      <div class="text long">
        <h1>Promises</h1>
        <p class="lead">
          What the Terms promise the software does, and tests show that it does. {kept} clauses are
          kept by {proofs} tests named here; {STATED.size} are about people and the law, and can
          only be stated.
        </p>
        <p>
          <Words text="These are the clauses of [the Terms](/terms) that the software comes with. A test looks for each of the tests below by its name, so that this page cannot claim what is not tested. All of it [as JSON](/promises.json)." />
        </p>
        {PROMISES.map((one) => (
          <Clause kept={one} without={without} />
        ))}
      </div>
    </Page>
  )
}

interface ClauseProps {
  kept: Kept
  without: readonly string[]
}

function Clause({ kept, without }: ClauseProps) {
  const { clause, title, says, does, proofs } = kept
  const id = `clause-${clause}`
  return (
    <section class="promise" id={id} aria-labelledby={`${id}-title`}>
      <div>
        <h2 id={`${id}-title`}>
          <a href={`/terms#${clause}`}>{clause}</a> {title}
        </h2>
        <p>{says}</p>
      </div>
      <div>
        <p>
          <Words text={does} without={without} />
        </p>
        {STATED.has(clause) ? (
          <p class="hint">Stated: no software can keep it for us.</p>
        ) : (
          <details>
            <summary>
              {proofs.length === 1 ? 'One test' : `${proofs.length} tests`}
              <span class="unseen"> of clause {clause}</span>
            </summary>
            <ul>
              {proofs.map(({ file, test }) => (
                <li>
                  {plain(test)}
                  <span class="hint">
                    <code>{file}</code>
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  )
}

/** A test's name as people read it: what is put into it when it runs is left open. */
function plain(test: string): string {
  return test.replace(/\$\{[^}]*\}|%[sdo]/g, '…')
}
