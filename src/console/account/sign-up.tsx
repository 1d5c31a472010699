import { sortOf } from '../../keys.ts'
import { Widget } from '../../pages/widget.tsx'
import type { Holding } from '../../terms/terms.ts'
import { Field, Form } from '../fields.tsx'
import { Threshold } from '../frame.tsx'
import { openPage, type Scope } from '../http.tsx'
import { Card, When } from '../parts.tsx'
import { actorOf, go, useVisit } from '../visit.ts'

/** To make an account: with an invitation, or where the operator lets everybody in. */
export function signUpPage(scope: Scope) {
  const { accounts, guards, manage, terms } = scope.context

  openPage(scope, '/sign-up', {
    get: async ({ who, query }) => {
      const invitation = query('invitation')
      if (who) return go('/console')
      const needs = await accounts.signUpNeeds(invitation)
      if (needs === 'closed' || needs === 'invitation') return <Closed given={invitation !== ''} />
      return (
        <SignUp
          sitekey={needs === 'guard' ? await guards.signUp.sitekey() : null}
          first={isFirst(invitation)}
          agreement={{ current: await terms.current(), upcoming: await terms.upcoming() }}
        />
      )
    },
    post: {
      'sign-up': async ({ caller, form, query, open, who }) => {
        if (who) return go('/console')
        const invitation = query('invitation')
        const opened = await accounts.signUp(caller, {
          ...{ login: form.text('login'), password: form.exact('password') },
          ...{ email: form.text('email') || undefined, invitation: invitation || undefined },
          token: form.text('one-captcha-response') || undefined,
          terms: /^\d{1,9}$/.test(form.text('terms')) ? Number(form.text('terms')) : -1,
        })
        open(opened)
        const entered = await accounts.byToken(opened.token)
        const toSite = entered && sortOf(invitation) === 'invitation'
        if (!toSite) return go('/console', 'account-added')
        // An invitation to a site has made the account possible, and is accepted with it.
        const joined = await manage.acceptInvitation(actorOf(entered), invitation).catch(() => null)
        return joined
          ? go(`/console/sites/${joined.sitekey}`, 'invitation-accepted')
          : go('/console', 'account-added')
      },
    },
  })
}

/** The first operator's link holds no invitation of somebody's. */
function isFirst(invitation: string): boolean {
  return invitation !== '' && sortOf(invitation) === null
}

interface SignUpProps {
  sitekey: string | null
  first: boolean
  agreement: Holding
}

function SignUp({ sitekey, first, agreement }: SignUpProps) {
  const { context, form } = useVisit()
  const mistake = form.mistakes.get('token')
  return (
    <Threshold
      title={first ? 'The first operator' : 'Sign up'}
      lead={
        first
          ? 'This link makes you the one who runs this service. It works once.'
          : 'An account has sites and their keys. We need nothing about you for it.'
      }
    >
      <Card>
        <Form name="sign-up">
          <Field
            name="login"
            label="Login"
            hint="3 to 32 letters, digits, dots, hyphens and underscores. Members of your sites see it."
            autocomplete="username"
            spellcheck={false}
            maxLength={32}
            autofocus={form.mistakes.size === 0}
          />
          <Field
            name="password"
            type="password"
            label="Password"
            hint="12 characters or more, of any sort. A few words in a row are good."
            autocomplete="new-password"
          />
          {context.accounts.canMail && (
            <Field
              name="email"
              type="email"
              label="Address for mail"
              required={false}
              hint="Only to reset your password. It is kept encrypted, and once you have confirmed it."
              autocomplete="email"
            />
          )}
          {sitekey && (
            <div class="field" id="sign-up-token" tabIndex={mistake ? -1 : undefined}>
              <Widget sitekey={sitekey} />
              <script src="/v1/widget.js" async />
              {mistake && <p class="mistake">{mistake}</p>}
            </div>
          )}
          <Agreement {...agreement} />
          <div class="row">
            <button type="submit">Make my account</button>
            <a href="/console/log-in">I have one</a>
          </div>
        </Form>
      </Card>
    </Threshold>
  )
}

/** To make an account is to agree: it says to what, and sends that along. */
function Agreement({ current, upcoming }: Holding) {
  const { form } = useVisit()
  const mistake = form.mistakes.get('terms')
  return (
    <div class="field" id="sign-up-terms" tabIndex={mistake ? -1 : undefined}>
      <input type="hidden" name="terms" value={current.number} />
      <p>
        With an account you agree to the <a href="/terms">Terms of Use</a>
        {current.number > 0 && ` (version ${current.number})`}. What is kept, and what is not, says
        the <a href="/privacy">privacy notice</a>.
      </p>
      {upcoming && (
        <p class="hint">
          <a href={`/terms/versions/${upcoming.number}`}>Version {upcoming.number}</a> is announced:
          it holds from <When at={upcoming.effectiveAt!} /> on.
        </p>
      )}
      {mistake && <p class="mistake">{mistake}</p>}
    </div>
  )
}

function Closed({ given }: { given: boolean }) {
  return (
    <Threshold
      title={given ? 'This link is not good any more' : 'By invitation'}
      lead={
        given
          ? 'It was used, withdrawn, or is too old. Please ask for another one.'
          : 'An account here needs an invitation. Please ask whoever runs this service.'
      }
    >
      <p>
        <a href="/console/log-in">Log in</a>
      </p>
    </Threshold>
  )
}
