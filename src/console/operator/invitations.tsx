import type { Invitation } from '../../store/store.ts'
import { Form, Radios } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { OpenInvitations } from '../invitations.tsx'
import { Callout, Card, Copyable, When } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { ACCOUNT_ROLES } from '../words.ts'

/** Who may make an account, by invitation. */
export function invitationsPage(scope: Scope) {
  page(scope, '/invitations', {
    operator: true,
    get: async ({ context, actor }) => (
      <Invitations invitations={await context.manage.accountInvitations(actor)} />
    ),
    post: {
      invite: async ({ context, actor, form }) => {
        const role = ACCOUNT_ROLES.find(({ value }) => value === form.text('role'))
        if (!role) throw new Mistaken({ role: 'Please choose one.' })
        const { token, invitation } = await context.manage.inviteAccount(actor, role.value)
        return { show: <Invited token={token} invitation={invitation} />, status: 201 }
      },
      withdraw: async ({ context, actor, form }) => {
        await context.manage.removeAccountInvitation(actor, form.text('id'))
        return go('/console/invitations', 'invitation-removed')
      },
    },
  })
}

function Invitations({ invitations }: { invitations: Invitation[] }) {
  return (
    <Frame
      title="Invitations"
      here="accounts"
      under={{ path: '/console/accounts', words: 'Accounts' }}
    >
      <Card
        title="Invite somebody"
        lead="Makes a link that you pass on. Whoever follows it first, within seven days, can make an account, unless sign-up is closed."
      >
        <Form name="invite">
          <Radios name="role" label="As" choices={ACCOUNT_ROLES} value="developer" />
          <button type="submit">Make the link</button>
        </Form>
      </Card>
      {invitations.length > 0 && (
        <OpenInvitations invitations={invitations} roles={ACCOUNT_ROLES} />
      )}
    </Frame>
  )
}

function Invited({ token, invitation }: { token: string; invitation: Invitation }) {
  const { origin } = useVisit()
  return (
    <Frame
      title={`An invitation as ${invitation.role}`}
      here="accounts"
      under={{ path: '/console/invitations', words: 'Invitations' }}
    >
      <Callout kind="warning">
        <strong>Pass this link on now.</strong> It is shown this once. Whoever has it can make an
        account.
      </Callout>
      <Card>
        <Copyable text={`${origin}/console/sign-up?invitation=${token}`} label="the link" />
        <p>
          It is good once, until <When at={invitation.expiresAt} />.
        </p>
      </Card>
    </Frame>
  )
}
