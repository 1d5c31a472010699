import type { LoggedIn } from '../../accounts/accounts.ts'
import type { Passkey } from '../../store/store.ts'
import { passkeyScript } from '../assets.ts'
import { Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Callout, Card, Copyable, Day, Table, When } from '../parts.tsx'
import { type Answer, go, useVisit } from '../visit.ts'
import { offersPasskeys, readAnswer } from './log-in.tsx'

const ACCOUNT = { path: '/console/account', words: 'Your account' }

/** What one logs in with: each page asks first who it is. */
export function factorPages(scope: Scope) {
  const { accounts } = scope.context

  page(scope, '/account/password', {
    proof: 'first',
    get: () => <Password />,
    post: {
      password: async ({ who, form, open }) => {
        open(await accounts.setPassword(who, form.exact('password')))
        return go('/console/account', 'password-saved')
      },
    },
  })

  page(scope, '/account/app', {
    proof: 'first',
    get: async ({ who, form }) => {
      const begun = form.name === 'confirm' ? accounts.begunTotp(who, form.text('pending')) : null
      if (begun) return <Begun {...begun} />
      return <App left={await accounts.recoveryCodesLeft(who)} />
    },
    post: {
      begin: async ({ who }) => ({
        show: <Begun {...(await accounts.beginTotp(who))} />,
        status: 200,
      }),
      confirm: async ({ who, form }) => {
        const codes = await accounts.confirmTotp(who, form.text('pending'), form.text('code'))
        if (!codes)
          throw new Mistaken({ code: 'This is not what the app shows now. Please look again.' })
        return showCodes(codes)
      },
      renew: async ({ who }) => showCodes(await accounts.newRecoveryCodes(who)),
      end: async ({ who }) => {
        await accounts.endTotp(who)
        return go('/console/account', 'app-removed')
      },
    },
  })

  page(scope, '/account/passkeys', {
    proof: 'first',
    get: async ({ who }) => <Passkeys passkeys={await accounts.passkeys(who)} />,
    post: {
      add: async ({ who, form }) => {
        const answer = readAnswer(form.text('answer'))
        const added = await accounts.addPasskey(
          who,
          form.text('pending'),
          form.text('name'),
          answer,
        )
        if (!added) {
          throw new Mistaken({
            '': 'That did not work: it took too long, or this passkey is in use already.',
          })
        }
        return go('/console/account/passkeys', 'passkey-added')
      },
      remove: async ({ who, form }) => {
        await accounts.removePasskey(who, form.text('id'))
        return go('/console/account/passkeys', 'passkey-removed')
      },
    },
  })

  page(scope, '/account/passkey-options', {
    get: async ({ who }) => ({ json: await accounts.beginPasskey(who) }),
  })
}

function Password() {
  return (
    <Frame title="Password" here="account" under={ACCOUNT}>
      <Card lead="All your other sessions end with the old password.">
        <Form name="password">
          <Field
            name="password"
            type="password"
            label="New password"
            hint="12 to 128 characters, of any sort. A few words in a row are good."
            autocomplete="new-password"
          />
          <button type="submit">Change it</button>
        </Form>
      </Card>
    </Frame>
  )
}

function App({ left }: { left: number }) {
  const { who } = useVisit() as { who: LoggedIn }
  const { hasTotp } = who.account
  return (
    <Frame title="Codes from an app" here="account" under={ACCOUNT}>
      <Card
        lead={
          hasTotp
            ? 'After your password, you are asked for six digits that your app shows.'
            : 'With an app for codes (TOTP), your password alone is of no use to anybody else.'
        }
      >
        <Form name="begin">
          <button type="submit" class={hasTotp ? 'quiet' : undefined}>
            {hasTotp ? 'Set up another app' : 'Set it up'}
          </button>
        </Form>
      </Card>
      {hasTotp && (
        <>
          <Card
            title="Recovery codes"
            lead={`For when the app is not at hand. ${left} of them are left; each works once.`}
          >
            <Ask what="Make new codes">
              <p>The old ones end.</p>
              <Form name="renew">
                <button type="submit">Make them</button>
              </Form>
            </Ask>
          </Card>
          <Card title="Do without">
            <Ask what="Turn codes off">
              <p>Your password alone will do. The recovery codes end.</p>
              <Form name="end">
                <button type="submit" class="danger">
                  Turn them off
                </button>
              </Form>
            </Ask>
          </Card>
        </>
      )}
    </Frame>
  )
}

function Begun({ secret, uri, pending }: { secret: string; uri: string; pending: string }) {
  const groups = secret.replace(/.{4}(?=.)/g, '$& ')
  return (
    <Frame title="Set up your app" here="account" under={ACCOUNT}>
      <Card
        title="1. Give it this secret"
        lead="Add an account in the app, and type this in. It is shown this once."
      >
        <Copyable text={groups} label="the secret" />
        <p>
          On the device that has the app: <a href={uri}>open it there</a>.
        </p>
      </Card>
      <Card title="2. Show that it works">
        <Form name="confirm">
          <input type="hidden" name="pending" value={pending} />
          <Field
            name="code"
            label="The six digits that it shows now"
            autocomplete="one-time-code"
            inputMode="numeric"
            short
          />
          <button type="submit">Turn codes on</button>
        </Form>
      </Card>
    </Frame>
  )
}

function showCodes(codes: readonly string[]): Answer {
  const page = (
    <Frame title="Your recovery codes" here="account" under={ACCOUNT}>
      <Card lead="Print them, or keep them with your passwords. Each works once, and they are not shown again.">
        <Callout kind="success">Codes from your app are on.</Callout>
        <Copyable block text={codes.join('\n')} label="the recovery codes" />
        <a class="button" href="/console/account">
          I have them
        </a>
      </Card>
    </Frame>
  )
  return { show: page, status: 200 }
}

function Passkeys({ passkeys }: { passkeys: readonly Passkey[] }) {
  const visit = useVisit()
  return (
    <Frame title="Passkeys" here="account" under={ACCOUNT} scripts={[passkeyScript]}>
      {passkeys.length > 0 && (
        <Card>
          <Table
            caption="Your passkeys"
            rows={passkeys}
            columns={[
              { title: 'Name', cell: ({ name }) => name },
              { title: 'Added', cell: ({ createdAt }) => <When at={createdAt} day /> },
              {
                title: 'Used last',
                cell: ({ lastUsedDay }) =>
                  lastUsedDay === null ? 'Never' : <Day day={lastUsedDay} />,
              },
              {
                title: 'Remove',
                quiet: true,
                cell: ({ id, name }) => (
                  <Form name="remove" plain>
                    <input type="hidden" name="id" value={id} />
                    <button type="submit" class="quiet small">
                      Remove<span class="unseen"> {name}</span>
                    </button>
                  </Form>
                ),
              },
            ]}
          />
        </Card>
      )}
      <Card
        title="Add a passkey"
        lead="Log in with your device’s own lock, or with a security key: there is nothing to type, and nothing to phish."
      >
        {offersPasskeys(visit) ? (
          <Form name="add">
            <Field
              name="name"
              label="What do you call it?"
              hint="Such as “my phone”."
              maxLength={60}
            />
            <div class="passkey" data-passkey="add" hidden />
            <noscript>
              <p class="hint">This needs JavaScript.</p>
            </noscript>
          </Form>
        ) : (
          <Callout kind="info">
            Passkeys are bound to a name: please open the console at its public address, or as
            “localhost”.
          </Callout>
        )}
      </Card>
    </Frame>
  )
}
