import { Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Threshold } from '../frame.tsx'
import { openPage, type Scope } from '../http.tsx'
import { Callout, Card } from '../parts.tsx'
import { go } from '../visit.ts'

const OLD_LINK =
  'This link is not good any more: it was used, is too old, or your account has changed since.'

/**
 * Where the links in letters lead, and where they are asked for. To look at a link does nothing: programs that check mail
 * follow every link that they find.
 */
export function mailPages(scope: Scope) {
  const { accounts } = scope.context

  openPage(scope, '/forgot', {
    get: () => <Forgot />,
    post: {
      forgot: async ({ caller, form }) => {
        const input = form.text('login')
        if (input === '') throw new Mistaken({ login: 'Please give your login or your address.' })
        await accounts.requestReset(caller, input)
        return { show: <Asked />, status: 200 }
      },
    },
  })

  openPage(scope, '/reset', {
    get: () => <Reset />,
    post: {
      reset: async ({ caller, form, query, close }) => {
        const done = await accounts.reset(caller, query('link'), form.exact('password'))
        if (!done) throw new Mistaken({ '': OLD_LINK })
        close()
        return go('/console/log-in', 'password-reset')
      },
    },
  })

  openPage(scope, '/confirm-email', {
    get: () => <Confirm />,
    post: {
      confirm: async ({ caller, query, who }) => {
        if (!(await accounts.confirmEmail(caller, query('link'))))
          throw new Mistaken({ '': OLD_LINK })
        return go(who ? '/console/account' : '/console/log-in', 'email-confirmed')
      },
    },
  })
}

function Forgot() {
  return (
    <Threshold
      title="A new password"
      lead="We send a link to the address that you have confirmed. Without one, please ask whoever runs this service."
    >
      <Card>
        <Form name="forgot">
          <Field
            name="login"
            label="Your login, or your address"
            autocomplete="username"
            spellcheck={false}
            autofocus
          />
          <div class="row">
            <button type="submit">Send me a link</button>
            <a href="/console/log-in">Log in</a>
          </div>
        </Form>
      </Card>
    </Threshold>
  )
}

/** The same whatever there is. */
function Asked() {
  return (
    <Threshold title="Look into your mail">
      <Card>
        <Callout kind="info">
          If there is such an account with a confirmed address, a letter with a link is on its way
          to it. The link is good for an hour.
        </Callout>
        <p>
          <a href="/console/log-in">Back to log in</a>
        </p>
      </Card>
    </Threshold>
  )
}

function Reset() {
  return (
    <Threshold
      title="Choose a new password"
      lead="All sessions of your account end with the old one."
    >
      <Card>
        <Form name="reset">
          <Field
            name="password"
            type="password"
            label="New password"
            hint="12 characters or more, of any sort. A few words in a row are good."
            autocomplete="new-password"
            autofocus
          />
          <div class="row">
            <button type="submit">Set the password</button>
          </div>
        </Form>
      </Card>
    </Threshold>
  )
}

function Confirm() {
  return (
    <Threshold
      title="Is this your address?"
      lead="Then a new password can be sent there, should you forget yours."
    >
      <Card>
        <Form name="confirm">
          <div class="row">
            <button type="submit">Yes, it is mine</button>
          </div>
        </Form>
      </Card>
    </Threshold>
  )
}
