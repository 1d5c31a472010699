import type { LoggedIn, Opened } from '../../accounts/accounts.ts'
import { passkeyScript } from '../assets.ts'
import { Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Threshold } from '../frame.tsx'
import { openPage, type Scope } from '../http.tsx'
import { Card } from '../parts.tsx'
import { safeNext } from '../session.ts'
import { type Answer, go, useVisit, type Visit } from '../visit.ts'

const WRONG = 'This login and password do not belong together. Please look again.'

/** To log in: by password, and a code where there is an app for it; or by a passkey. And to log out. */
export function logInPages(scope: Scope) {
  const { accounts } = scope.context

  openPage(scope, '/log-in', {
    get: async ({ who, form, query }) => {
      if (form.name === 'second') return <Second pending={form.text('pending')} />
      if (who) return go(safeNext(query('next')))
      return <LogIn open={(await accounts.signUpNeeds()) === 'guard'} />
    },
    post: {
      'log-in': async (visit) => {
        const { form, caller } = visit
        const proof = { login: form.text('login'), password: form.exact('password') }
        const heard = await accounts.logIn(caller, proof)
        if (!heard) throw new Mistaken({ '': WRONG })
        if ('pending' in heard) return { show: <Second pending={heard.pending} />, status: 200 }
        return enter(visit, heard)
      },
      second: async (visit) => {
        const { form, caller } = visit
        const heard = await accounts.secondStep(caller, form.text('pending'), form.text('code'))
        if (!heard) {
          throw new Mistaken({
            code: 'This code is not right, or was used before. Please wait for the next one. If it goes on like this, log in anew.',
          })
        }
        return enter(visit, heard)
      },
      passkey: async (visit) => {
        const { form, caller } = visit
        const answer = readAnswer(form.text('answer'))
        const heard = await accounts.logInByPasskey(caller, form.text('pending'), answer)
        if (!heard) {
          throw new Mistaken({
            '': 'This passkey is none of ours, or it took too long. Please try again.',
          })
        }
        return enter(visit, heard)
      },
    },
  })

  // What a script asks an authenticator with. It changes nothing, and is of no use to whoever cannot read it.
  openPage(scope, '/passkey-options', {
    get: async ({ who }) => ({ json: await accounts.passkeyOptions(who) }),
  })

  openPage(scope, '/log-out', {
    get: () => go('/console'),
    post: {
      'log-out': async ({ who, close }) => {
        if (who) await accounts.logOut(who)
        close()
        return go('/console/log-in', 'logged-out')
      },
    },
  })

  async function enter(visit: Visit<LoggedIn | null>, opened: Opened): Promise<Answer> {
    // Whoever was logged in before in this browser is not any more.
    if (visit.who) await accounts.logOut(visit.who)
    visit.open(opened)
    return go(safeNext(visit.query('next')))
  }
}

/** What an authenticator said, as the script has put it into a field. */
export function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** True if this page is where passkeys can be: they are bound to a name. */
export function offersPasskeys({ context, request }: Visit<LoggedIn | null>): boolean {
  const { accounts, config } = context
  return accounts.canPasskey && (config.publicUrl !== null || request.hostname === 'localhost')
}

function LogIn({ open }: { open: boolean }) {
  const visit = useVisit()
  const { accounts } = visit.context
  return (
    <Threshold title="Log in" scripts={[passkeyScript]}>
      <Card>
        <Form name="log-in">
          <Field
            name="login"
            label="Login"
            autocomplete="username"
            spellcheck={false}
            autofocus={visit.form.mistakes.size === 0}
          />
          <Field name="password" type="password" label="Password" autocomplete="current-password" />
          <div class="row">
            <button type="submit">Log in</button>
            {accounts.canMail && <a href="/console/forgot">I forgot my password</a>}
          </div>
        </Form>
        {offersPasskeys(visit) && (
          <Form name="passkey">
            <div class="passkey" data-passkey="log-in" hidden />
          </Form>
        )}
      </Card>
      {open && (
        <p>
          No account yet? <a href="/console/sign-up">Sign up</a>
        </p>
      )}
    </Threshold>
  )
}

function Second({ pending }: { pending: string }) {
  return (
    <Threshold title="One more step" lead="Please type the six digits that your app shows now.">
      <Card>
        <Form name="second">
          <input type="hidden" name="pending" value={pending} />
          <Field
            name="code"
            label="Code"
            hint="Without the app at hand, one of your recovery codes does as well: it works once."
            autocomplete="one-time-code"
            spellcheck={false}
            autofocus
          />
          <div class="row">
            <button type="submit">Log in</button>
            <a href="/console/log-in">Begin anew</a>
          </div>
        </Form>
      </Card>
    </Threshold>
  )
}
