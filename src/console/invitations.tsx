import type { Invitation } from '../store/store.ts'
import { Form } from './fields.tsx'
import { Card, Table, When } from './parts.tsx'

interface OpenProps {
  invitations: Invitation[]
  /** What a role is called here. */
  roles: readonly { value: string; label: string }[]
}

/** Invitations that are still good, each with a way to take it back: the form `withdraw`, with its `id`. */
export function OpenInvitations({ invitations, roles }: OpenProps) {
  return (
    <Card title="Open invitations">
      <Table
        caption="Open invitations"
        rows={invitations}
        columns={[
          {
            title: 'As',
            cell: ({ role }) => roles.find(({ value }) => value === role)?.label ?? role,
          },
          { title: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
          { title: 'Ends', cell: ({ expiresAt }) => <When at={expiresAt} /> },
          {
            title: 'Withdraw',
            quiet: true,
            cell: ({ id }) => (
              <Form name="withdraw" plain>
                <input type="hidden" name="id" value={id} />
                <button type="submit" class="quiet small">
                  Withdraw
                </button>
              </Form>
            ),
          },
        ]}
      />
    </Card>
  )
}
