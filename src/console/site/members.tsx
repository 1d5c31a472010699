import type { SiteView } from '../../manage/manage.ts'
import { reaches } from '../../manage/may.ts'
import type { Invitation, MemberRow, Role } from '../../store/store.ts'
import { Form, Radios } from '../fields.tsx'
import { Mistaken, type Form as Sent } from '../form.ts'
import { page, type Scope } from '../http.tsx'
import { OpenInvitations } from '../invitations.tsx'
import { Ask, Callout, Card, Copyable, Table, When } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { ROLE_CHOICES } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'

/** Who belongs to a site, and who is invited. */
export function membersPage(scope: Scope) {
  page(scope, '/sites/:sitekey/members', {
    get: async (visit) => {
      const { context, actor } = visit
      const site = await siteOf(visit)
      const members = await context.manage.members(actor, site.sitekey)
      const may = reaches(site.role, 'admin')
      const invitations = may ? await context.manage.invitations(actor, site.sitekey) : []
      return <Members site={site} members={members} invitations={invitations} />
    },
    post: {
      role: async (visit) => {
        const { context, actor, params, form } = visit
        await context.manage.setMember(actor, params.sitekey!, form.text('id'), readRole(form))
        return go(visit.url, 'member-saved')
      },
      remove: async (visit) => {
        const { context, actor, params, form } = visit
        await context.manage.removeMember(actor, params.sitekey!, form.text('id'))
        return form.text('id') === actor.account.id
          ? go('/console', 'site-left')
          : go(visit.url, 'member-removed')
      },
      invite: async (visit) => {
        const { context, actor, params, form } = visit
        const role = readRole(form)
        const { token, invitation } = await context.manage.inviteMember(
          actor,
          params.sitekey!,
          role,
        )
        return {
          show: <Invited site={await siteOf(visit)} token={token} invitation={invitation} />,
          status: 201,
        }
      },
      withdraw: async (visit) => {
        const { context, actor, params, form } = visit
        await context.manage.removeInvitation(actor, params.sitekey!, form.text('id'))
        return go(visit.url, 'invitation-removed')
      },
    },
  })
}

function readRole(form: Sent): Role {
  const role = ROLE_CHOICES.find(({ value }) => value === form.text('role'))
  if (!role) throw new Mistaken({ role: 'Please choose one.' })
  return role.value
}

interface MembersProps {
  site: SiteView
  members: MemberRow[]
  invitations: Invitation[]
}

function Members({ site, members, invitations }: MembersProps) {
  const { who } = useVisit()
  const may = reaches(site.role, 'admin')
  const isMe = ({ accountId }: MemberRow) => accountId === who!.account.id
  const roles = choicesFor(site)
  return (
    <SiteFrame site={site} tab="/members">
      <Card title="Members">
        <Table
          caption="Members of this site"
          rows={members}
          columns={[
            {
              title: 'Login',
              cell: (member) => (
                <>
                  {member.login}
                  {isMe(member) && <span class="hint">you</span>}
                </>
              ),
            },
            {
              title: 'Role',
              cell: ({ role }) => ROLE_CHOICES.find(({ value }) => value === role)!.label,
            },
            { title: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
            ...(may
              ? [
                  {
                    title: 'Change',
                    quiet: true,
                    cell: (member: MemberRow) => (
                      <Change member={member} site={site} me={isMe(member)} />
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {may && invitations.length > 0 && (
        <OpenInvitations invitations={invitations} roles={ROLE_CHOICES} />
      )}
      {may && (
        <Card
          title="Invite somebody"
          lead="Makes a link that you pass on. Whoever follows it first, within seven days, becomes a member."
        >
          <Form name="invite">
            <Radios name="role" label="As" choices={roles} value="developer" />
            <button type="submit">Make the link</button>
          </Form>
        </Card>
      )}
    </SiteFrame>
  )
}

/** Only an owner makes owners. */
function choicesFor(site: SiteView) {
  return ROLE_CHOICES.filter(({ value }) => value !== 'owner' || reaches(site.role, 'owner'))
}

function Change({ member, site, me }: { member: MemberRow; site: SiteView; me: boolean }) {
  if (member.role === 'owner' && !reaches(site.role, 'owner')) return null
  return (
    <Ask what="Change…">
      <Form name="role" plain class="row">
        <input type="hidden" name="id" value={member.accountId} />
        <select name="role" aria-label={`Role of ${member.login}`}>
          {choicesFor(site).map(({ value, label }) => (
            <option value={value} selected={value === member.role}>
              {label}
            </option>
          ))}
        </select>
        <button type="submit" class="small quiet">
          Save
        </button>
      </Form>
      <Form name="remove" plain>
        <input type="hidden" name="id" value={member.accountId} />
        <button type="submit" class="danger small">
          {me ? 'Leave this site' : `Remove ${member.login}`}
        </button>
      </Form>
    </Ask>
  )
}

interface InvitedProps {
  site: SiteView
  token: string
  invitation: Invitation
}

function Invited({ site, token, invitation }: InvitedProps) {
  const { origin } = useVisit()
  return (
    <SiteFrame site={site} tab="/members">
      <Callout kind="warning">
        <strong>Pass this link on now.</strong> It is shown this once. Whoever has it can join.
      </Callout>
      <Card title={`An invitation as ${invitation.role}`}>
        <Copyable text={`${origin}/console/invitations/${token}`} label="the link" />
        <p>
          It is good once, until <When at={invitation.expiresAt} />.
        </p>
        <p>
          <a href={`/console/sites/${site.sitekey}/members`}>Back to the members</a>
        </p>
      </Card>
    </SiteFrame>
  )
}
