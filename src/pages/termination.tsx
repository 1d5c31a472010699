import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { type KeptRow, keptRows } from '../privacy/words.ts'
import { Page } from './page.tsx'
import { Listing, leftOut, standingPage, Words } from './parts.tsx'

/** What ends with an account or a site, what stays, and for how long (clause 7 of the Terms). */
export function termination(app: FastifyInstance, context: Context) {
  standingPage(app, '/termination', () => <Termination context={context} />)
}

function Termination({ context }: { context: Context }) {
  const { config, demo } = context
  const rows = keptRows(config).filter(({ whose, place }) => whose === 'account' && place === null)
  const ends = rows.filter(({ name, long }) => name !== 'accounts' && long === 'with the account')
  const stays = rows.filter(({ long }) => /for good|days|years/.test(long)).map(lasting)
  return (
    <Page
      title="Termination – One Captcha"
      description="What ends with an account or a site, what stays, and for how long."
      path="/termination"
      demo={demo !== null}
    >
      <div class="text long">
        <h1>Termination</h1>
        <p class="lead">All rights end at once, on every server. Here is what that means.</p>
        <section aria-labelledby="account">
          <h2 id="account">When you end your account</h2>
          <p>
            <Words
              text="You do so in the console: [Account](/console/account), “Delete this account”. You may take your data along before, on the same page. In that moment, and not some day later:"
              without={leftOut(context)}
            />
          </p>
          <ul>
            <li>all your sessions end, wherever they are open;</li>
            <li>your keys to the management API are refused, and your invitations are void;</li>
            <li>your login, password, passkeys, codes and e-mail address are deleted;</li>
            <li>you are a member of no site any more;</li>
            <li>
              a site that nobody else owns is removed: its secrets are void, it gets no challenge,
              and no solution or token of it is accepted, not even one that was made before. A site
              with another active owner stays with them.
            </li>
          </ul>
          <p>With the account go: {ends.map(({ what }) => lower(what)).join(', ')}.</p>
        </section>
        <section aria-labelledby="stays">
          <h2 id="stays">What stays, and for how long</h2>
          <p>
            Copies that the operator has made before still hold what was deleted since, encrypted as
            it was, until they are thrown away.
          </p>
          <Listing
            caption="What stays after an account has ended"
            rows={stays}
            columns={[
              {
                title: 'What',
                class: 'wide',
                cell: ({ what, fields }) => (
                  <>
                    <strong>{what}</strong>
                    {fields && <span class="hint">{fields}</span>}
                  </>
                ),
              },
              { title: 'Why it is there', class: 'wide', cell: ({ why }) => why },
              { title: 'For how long', cell: ({ long }) => long },
            ]}
          />
        </section>
        <section aria-labelledby="suspended">
          <h2 id="suspended">When you are suspended</h2>
          <p>
            An operator may suspend an account or a site that breaks the Terms. Then nothing of it
            is accepted, as if it had ended, and its sessions are closed; but nothing is deleted,
            and when it is reinstated all is as before. You are told by mail, where there is an
            address.
          </p>
        </section>
        <section aria-labelledby="site">
          <h2 id="site">When a site is removed</h2>
          <p>
            Its sitekey, secrets, host names, members and invitations are deleted at once, and its
            counts within minutes. Its key is never given to another.
          </p>
        </section>
        <section aria-labelledby="on">
          <h2 id="on">What goes on to hold</h2>
          <p>
            <Words text="What you did before remains your responsibility, and some clauses of the Terms hold on: [clause 7.2](/terms#7.2) names them." />
          </p>
        </section>
      </div>
    </Page>
  )
}

/** Of the account what is left is its number; what is said before that of its row goes, and what stays stands by itself. */
function lasting(row: KeptRow): Pick<KeptRow, 'what' | 'why' | 'long'> & { fields?: string } {
  if (row.name !== 'accounts') return row
  const [, fields, long] = /^with[^;]*; (.*?): (.*)$/.exec(row.long)!
  const why = 'So that what was done stays with one author.'
  return { what: 'The account’s number', fields: fields!, why, long: long! }
}

function lower(what: string): string {
  return what.charAt(0).toLowerCase() + what.slice(1)
}
