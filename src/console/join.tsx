import { Form } from './fields.tsx'
import { Threshold } from './frame.tsx'
import { openPage, type Scope } from './http.tsx'
import { Callout } from './parts.tsx'
import { go, useVisit } from './visit.ts'

/** Where an invitation leads. Looking at it uses nothing up: only the button does. */
export function joinPage(scope: Scope) {
  openPage(scope, '/invitations/:token', {
    get: () => <Join />,
    post: {
      join: async ({ context, actor, params }) => {
        const { sitekey } = await context.manage.acceptInvitation(actor, params.token!)
        return go(`/console/sites/${sitekey}`, 'invitation-accepted')
      },
    },
  })
}

function Join() {
  const { who, params, url } = useVisit()
  const token = encodeURIComponent(params.token ?? '')
  if (!who) {
    return (
      <Threshold
        title="You are invited"
        lead="Somebody wants you to work on their sites with them. It takes an account."
      >
        <div class="card">
          <a class="button" href={`/console/sign-up?invitation=${token}`}>
            Make an account
          </a>
          <a class="button quiet" href={`/console/log-in?next=${encodeURIComponent(url)}`}>
            I have one: log in
          </a>
        </div>
      </Threshold>
    )
  }
  return (
    <Threshold title="You are invited" lead="Somebody wants you as a member of one of their sites.">
      <div class="card">
        <Callout kind="info">
          You are logged in as <strong>{who.account.login}</strong>. The site’s members will see
          this name.
        </Callout>
        <Form name="join">
          <div class="row">
            <button type="submit">Join</button>
            <a class="button quiet" href="/console">
              Not now
            </a>
          </div>
        </Form>
      </div>
    </Threshold>
  )
}
