import type { LoggedIn } from '../../accounts/accounts.ts'
import type { SessionRow, SiteRow } from '../../store/store.ts'
import type { Acceptance } from '../../terms/terms.ts'
import { Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Callout, Card, Danger, Facts, Table, When } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { versionOf } from '../words.ts'

interface AccountProps {
  sessions: readonly SessionRow[]
  alone: readonly SiteRow[]
  codes: number
  accepted: readonly Acceptance[]
  passkeys: number
}

/** One's own account, on one page. What is dangerous asks first who it is. */
export function accountPage(scope: Scope) {
  const { accounts, terms } = scope.context

  page(scope, '/account', {
    beforeTerms: true,
    get: async ({ who }) => {
      const [sessions, alone, codes, passkeys, accepted] = await Promise.all([
        accounts.sessions(who),
        accounts.ownedAlone(who),
        accounts.recoveryCodesLeft(who),
        accounts.passkeys(who),
        terms.acceptances(who.account.id),
      ])
      return <Account {...{ sessions, alone, codes, accepted, passkeys: passkeys.length }} />
    },
    post: {
      email: async ({ who, form }) => {
        if (form.text('email') === '') throw new Mistaken({ email: 'Please give an address.' })
        await accounts.setEmail(who, form.text('email'))
        return go('/console/account', 'email-asked')
      },
      'no-email': async ({ who }) => {
        await accounts.setEmail(who, null)
        return go('/console/account', 'email-removed')
      },
      'end-session': async ({ who, form }) => {
        await accounts.endSession(who, form.text('id'))
        return go('/console/account', 'session-ended')
      },
      'end-others': async ({ who }) => {
        await accounts.endOtherSessions(who)
        return go('/console/account', 'sessions-ended')
      },
      export: async ({ who }) => ({
        file: 'one-captcha-account.json',
        type: 'application/json',
        body: JSON.stringify(await accounts.exportData(who), null, 2),
      }),
      delete: async ({ who, form, close }) => {
        if (form.text('login').toLowerCase() !== who.account.login) {
          throw new Mistaken({ login: 'Please type your login, to be sure.' })
        }
        await accounts.deleteAccount(who)
        close()
        return go('/console/log-in', 'account-deleted')
      },
    },
  })
}

function Account({ sessions, alone, codes, accepted, passkeys }: AccountProps) {
  const { who } = useVisit()
  const { account } = who!
  return (
    <Frame title={account.login} window="Account" here="account">
      <Card title="How you log in">
        <Facts
          facts={[
            ['Password', <a href="/console/account/password">Change the password</a>],
            [
              'Codes from an app',
              <>
                {account.hasTotp ? `On, ${codes} recovery codes left. ` : 'Off. '}
                <a href="/console/account/app">
                  {account.hasTotp ? 'Change codes' : 'Set up codes'}
                </a>
              </>,
            ],
            [
              'Passkeys',
              <>
                {passkeys === 0 ? 'None. ' : `${passkeys}. `}
                <a href="/console/account/passkeys">
                  {passkeys === 0 ? 'Add a passkey' : 'See passkeys'}
                </a>
              </>,
            ],
          ]}
        />
      </Card>
      <Address />
      <Card
        title="Notices"
        lead="Changes of the Terms, maintenance, incidents, and what concerns your account: by mail, or to a program of yours."
      >
        <p>
          <a href="/console/account/notices">What you are told, and how</a>
        </p>
      </Card>
      <Sessions sessions={sessions} />
      <Accepted accepted={accepted} />
      <Card
        title="Your data"
        lead="All that is kept about this account, as JSON: no password, key or secret is in it."
        aside={<a href="/privacy#accounts">What is kept, and why</a>}
      >
        <Form name="export">
          <button type="submit" class="quiet">
            Download it
          </button>
        </Form>
      </Card>
      <Danger title="Delete this account">
        <p>
          It ends at once and for good: your sessions, keys and memberships, your login and address.
          What it did stays in the log, under a number that leads to nobody.{' '}
          <a href="/termination">What ends, and what stays</a>
        </p>
        {alone.length > 0 && (
          <Callout kind="warning">
            Nobody else owns {alone.length === 1 ? 'this site' : 'these sites'}, so{' '}
            {alone.length === 1 ? 'it is' : 'they are'} deleted too:{' '}
            {alone.map(({ name, sitekey, hosts }) => name || hosts[0] || sitekey).join(', ')}. Make
            somebody else an owner first if they are to stay.
          </Callout>
        )}
        <Ask what="Delete my account">
          <Form name="delete">
            <Field
              name="login"
              label={
                <>
                  Type <strong>{account.login}</strong> to be sure
                </>
              }
              autocomplete="off"
              spellcheck={false}
            />
            <button type="submit" class="danger">
              Delete it for good
            </button>
          </Form>
        </Ask>
      </Danger>
    </Frame>
  )
}

function Address() {
  const { who, context } = useVisit()
  const { email } = who!.account
  if (!context.accounts.canMail && email === null) return null
  return (
    <Card
      title="Address for mail"
      lead="To reset your password, and to hear when your account is changed. It is kept encrypted, and you need none."
    >
      {email !== null && (
        <div class="row">
          <p>
            <strong>{email}</strong>, confirmed
          </p>
          <Form name="no-email" plain>
            <button type="submit" class="quiet small">
              Remove it
            </button>
          </Form>
        </div>
      )}
      {context.accounts.canMail && (
        <Form name="email">
          <Field
            name="email"
            type="email"
            label={email === null ? 'Your address' : 'Another address'}
            hint="We send a link there. The address counts, and is kept, once you have followed it."
            autocomplete="email"
          />
          <button type="submit">Send me the link</button>
        </Form>
      )}
    </Card>
  )
}

const WAYS = { password: 'By password', passkey: 'By passkey', recovery: 'By recovery code' }

function Sessions({ sessions }: { sessions: readonly SessionRow[] }) {
  const { who } = useVisit() as { who: LoggedIn }
  return (
    <Card
      title="Sessions"
      lead="Wherever you are logged in. We do not keep from where, or with what."
      aside={
        sessions.length > 1 && (
          <Form name="end-others" plain>
            <button type="submit" class="quiet small">
              End all others
            </button>
          </Form>
        )
      }
    >
      <Table
        caption="Your sessions"
        rows={sessions}
        columns={[
          {
            title: 'Opened',
            cell: ({ way, createdAt }) => (
              <>
                {WAYS[way]}, <When at={createdAt} />
              </>
            ),
          },
          {
            title: 'Used last',
            // Kept to the hour, which may have begun before the session did.
            cell: ({ id, seenAt, createdAt }) =>
              id === who.session.id ? 'This one' : <When at={Math.max(seenAt, createdAt)} />,
          },
          { title: 'Ends', cell: ({ expiresAt }) => <When at={expiresAt} /> },
          {
            title: 'End it',
            quiet: true,
            cell: ({ id, createdAt }) =>
              id !== who.session.id && (
                <Form name="end-session" plain>
                  <input type="hidden" name="id" value={id} />
                  <button type="submit" class="quiet small">
                    End
                    <span class="unseen">
                      {' '}
                      the session of {new Date(createdAt).toISOString().slice(0, 16)}
                    </span>
                  </button>
                </Form>
              ),
          },
        ]}
      />
    </Card>
  )
}

const AGREED = { use: 'By using the service', click: 'By a click', 'sign-up': 'By signing up' }

function Accepted({ accepted }: { accepted: readonly Acceptance[] }) {
  return (
    <Card
      title="Terms of Use"
      lead="What you agreed to, and when. This stays, under a number that leads to nobody, when the account ends."
      aside={<a href="/console/terms">What holds now</a>}
    >
      {accepted.length === 0 ? (
        <p>Nothing yet.</p>
      ) : (
        <Table
          caption="Terms that you agreed to"
          rows={accepted}
          columns={[
            {
              title: 'Version',
              cell: ({ number }) => <a href={`/terms/versions/${number}`}>{versionOf(number)}</a>,
            },
            { title: 'How', cell: ({ way }) => AGREED[way] },
            { title: 'When', cell: ({ at }) => <When at={at} /> },
          ]}
        />
      )}
    </Card>
  )
}
