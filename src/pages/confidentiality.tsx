import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { howKept, patternOf, SECRETS } from '../privacy/secrets.ts'
import { Page, sendPage } from './page.tsx'
import { Listing, Words } from './parts.tsx'

const RULES = new URL('../../docs/secret-scanning.toml', import.meta.url)

/** How secrets are kept, and what to do with one that got out (clause 6 of the Terms). */
export function confidentiality(app: FastifyInstance, { config, demo }: Context) {
  const route = { schema: { hide: true } }
  app.get('/confidentiality', route, (request, reply) => {
    const origin = config.publicUrl ?? `${request.protocol}://${request.host}`
    return sendPage(reply, <Confidentiality origin={origin} demo={demo !== null} />)
  })
  app.get('/confidentiality/secret-scanning.toml', route, (_, reply) =>
    reply.type('application/toml; charset=utf-8').send(readFileSync(RULES, 'utf8')),
  )
}

function Confidentiality({ origin, demo }: { origin: string; demo: boolean }) {
  return (
    <Page
      title="Confidentiality – One Captcha"
      description="How secrets are kept, and what to do with one that got out."
      path="/confidentiality"
      demo={demo}
    >
      <div class="text long">
        <h1>Confidentiality</h1>
        <p class="lead">
          A secret is shown once, to whoever made it. What stays here is only what it takes to
          recognise it.
        </p>
        <section aria-labelledby="kept">
          <h2 id="kept">How each is kept</h2>
          <p>
            A keyed hash is made under a key that is not in the database; a copy of the database is
            no use for guessing. What is encrypted is bound to its row, under such a key too. No
            secret is ever written into a log.
          </p>
          <Listing
            caption="How each secret is kept"
            rows={SECRETS}
            columns={[
              {
                title: 'Secret',
                cell: ({ what, prefix }) => (
                  <>
                    <strong>{what}</strong>
                    {prefix && (
                      <span class="hint">
                        Begins with <code>{prefix}</code>
                      </span>
                    )}
                  </>
                ),
              },
              { title: 'Kept', class: 'wide', cell: howKept },
              { title: 'Ends', class: 'wide', cell: ({ ends }) => ends },
            ]}
          />
        </section>
        <section aria-labelledby="found">
          <h2 id="found">If you have found one</h2>
          <p>
            Have it ended. You need no account, and the answer is the same for a secret and for
            anything else, so that it tells you nothing.
          </p>
          <pre>
            <code>{`curl ${origin}/v1/secrets/report -H 'content-type: application/json' \\
  -d '{"secret":"…"}'`}</code>
          </pre>
          <p>
            It ends on every server before the answer comes. What was done is in the log, and
            whoever it belonged to makes a new one.
          </p>
        </section>
        <section aria-labelledby="scanners">
          <h2 id="scanners">For secret scanners</h2>
          <p>
            <Words text="All that we make can be found by its prefix, and ends in a checksum: the CRC-32 of everything before it, as six digits in base 62 (`0-9A-Za-z`). So a real one is told from what only looks like one, without asking us. The rules are also here [as a file](/confidentiality/secret-scanning.toml), in gitleaks’ format; `one-captcha secrets scan` looks through folders by itself." />
          </p>
          <pre>
            <code>{SECRETS.map(patternOf).filter(Boolean).join('\n')}</code>
          </pre>
        </section>
        <section aria-labelledby="yours">
          <h2 id="yours">What is yours to do</h2>
          <ul>
            <li>Keep secrets on servers: none belongs into a page or a repository.</li>
            <li>Give each member and each program its own, with no more rights than it needs.</li>
            <li>Replace one that somebody may know, and end one that somebody knows.</li>
          </ul>
          <p>
            <Words text="The Terms say so in [clause 6](/terms#6)." />
          </p>
        </section>
      </div>
    </Page>
  )
}
