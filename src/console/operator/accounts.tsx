import { BadRequest } from '../../core/bad-request.ts'
import type { SiteView } from '../../manage/manage.ts'
import type { Account } from '../../store/store.ts'
import { Area, Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Badge, Callout, Card, Danger, Empty, Facts, Table, When } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { ACCOUNT_ROLES, nameOf, ROLE_CHOICES } from '../words.ts'

const ACCOUNTS = 50

/** Who has an account, and an operator's word on whether they keep it. */
export function accountsPages(scope: Scope) {
  page(scope, '/accounts', {
    operator: true,
    get: async ({ context, actor, query }) => {
      const find = query('find').trim()
      if (find !== '') {
        const found = await context.manage.account(actor, find).catch(nobody)
        if (found) return <Accounts accounts={[found.account]} find={find} next={null} />
        return <Accounts accounts={[]} find={find} next={null} />
      }
      const found = await context.manage.accounts(actor, query('after'), ACCOUNTS + 1)
      const shown = found.slice(0, ACCOUNTS)
      const next = found.length > ACCOUNTS ? shown.at(-1)!.id : null
      return <Accounts accounts={shown} find="" next={next} />
    },
  })

  page(scope, '/accounts/:id', {
    operator: true,
    get: async ({ context, actor, params }) => {
      const found = await context.manage.account(actor, params.id!)
      const alone = await onlyOwned(found.sites, found.account)
      return <One {...found} alone={alone} />

      /** The sites that nobody else owns: they end with the account. */
      async function onlyOwned(sites: SiteView[], { id }: Account): Promise<SiteView[]> {
        const own = sites.filter(({ role }) => role === 'owner')
        const members = await Promise.all(
          own.map(({ sitekey }) => context.manage.members(actor, sitekey)),
        )
        return own.filter(
          (_, nth) => !members[nth]!.some((one) => one.role === 'owner' && one.accountId !== id),
        )
      }
    },
    post: {
      suspend: async ({ context, actor, params, form, url }) => {
        await context.manage.suspendAccount(actor, params.id!, form.text('reason'))
        return go(url, 'account-suspended')
      },
      reinstate: async ({ context, actor, params, form, url }) => {
        await context.manage.reinstateAccount(actor, params.id!, form.text('reason'))
        return go(url, 'account-reinstated')
      },
      terminate: async ({ context, actor, params, form }) => {
        const { account } = await context.manage.account(actor, params.id!)
        if (form.text('login') !== account.login)
          throw new Mistaken({ login: `Please type ${account.login}, just as it is written here.` })
        await context.manage.terminateAccount(actor, account.id, form.text('reason'))
        return go('/console/accounts', 'account-terminated')
      },
    },
  })
}

function nobody(error: unknown): null {
  if (error instanceof BadRequest && error.code === 'not-found') return null
  throw error
}

interface AccountsProps {
  accounts: Account[]
  find: string
  next: string | null
}

function Accounts({ accounts, find, next }: AccountsProps) {
  return (
    <Frame
      title="Accounts"
      here="accounts"
      action={
        <a class="button" href="/console/invitations">
          Invite somebody
        </a>
      }
    >
      <form method="get" action="/console/accounts" class="plain row filter">
        <label for="find">Login or id</label>
        <input
          id="find"
          name="find"
          type="search"
          value={find}
          autocomplete="off"
          spellcheck={false}
        />
        <button type="submit" class="quiet small">
          Find
        </button>
        {find && <a href="/console/accounts">Show all</a>}
      </form>
      {accounts.length === 0 ? (
        <Empty title="Nobody">
          {find
            ? 'There is no account with exactly this login or id.'
            : 'There are no further accounts.'}
        </Empty>
      ) : (
        <Card title={find ? 'Found' : 'All accounts'}>
          <Table
            caption="Accounts"
            rows={accounts}
            columns={[
              {
                title: 'Login',
                cell: ({ id, login }) => <a href={`/console/accounts/${id}`}>{login || 'ended'}</a>,
              },
              { title: 'Role', cell: ({ role }) => roleWords(role) },
              { title: 'Standing', cell: ({ state }) => <Badge state={state} /> },
              { title: 'Second factor', cell: ({ hasTotp }) => (hasTotp ? 'yes' : 'no') },
              { title: 'Since', cell: ({ createdAt }) => <When at={createdAt} /> },
            ]}
          />
        </Card>
      )}
      {next && <a href={`/console/accounts?after=${encodeURIComponent(next)}`}>Further ones</a>}
    </Frame>
  )
}

function roleWords(role: Account['role']): string {
  return ACCOUNT_ROLES.find(({ value }) => value === role)!.label
}

function One({
  account,
  sites,
  alone,
}: {
  account: Account
  sites: SiteView[]
  alone: SiteView[]
}) {
  const { who } = useVisit()
  return (
    <Frame
      title={account.login || 'An account that has ended'}
      here="accounts"
      under={{ path: '/console/accounts', words: 'Accounts' }}
    >
      <Card title="Account">
        <Facts
          facts={[
            ['Standing', <Badge state={account.state} />],
            ['Role', roleWords(account.role)],
            [
              'E-mail',
              account.email
                ? account.emailConfirmedAt
                  ? 'confirmed'
                  : 'not confirmed yet'
                : 'none',
            ],
            ['Second factor', account.hasTotp ? 'yes' : 'no'],
            ['Since', <When at={account.createdAt} />],
            ['Id', <code>{account.id}</code>],
          ]}
        />
      </Card>
      {sites.length > 0 && (
        <Card title="Sites">
          <Table
            caption="Sites of this account"
            rows={sites}
            columns={[
              {
                title: 'Site',
                cell: (site) => <a href={`/console/sites/${site.sitekey}`}>{nameOf(site)}</a>,
              },
              {
                title: 'Role there',
                cell: ({ role }) => ROLE_CHOICES.find(({ value }) => value === role)!.label,
              },
              { title: 'Standing', cell: ({ state }) => <Badge state={state} /> },
            ]}
          />
        </Card>
      )}
      {account.state !== 'terminated' && account.id !== who!.account.id && (
        <Ends account={account} alone={alone} />
      )}
      {account.id === who!.account.id && (
        <Callout kind="info">
          This is you. What ends your own account is under <a href="/console/account">your login</a>
          .
        </Callout>
      )}
    </Frame>
  )
}

function Ends({ account, alone }: { account: Account; alone: SiteView[] }) {
  const { form } = useVisit()
  const sites = alone.length > 0 && (
    <ul>
      {alone.map((site) => (
        <li>{nameOf(site)}</li>
      ))}
    </ul>
  )
  return (
    <>
      {account.state === 'active' ? (
        <Danger title="Suspend">
          <p>
            {account.login} is logged out everywhere and cannot log in again; their keys are
            refused.
            {alone.length > 0 && ' The sites that nobody else owns are suspended with them:'}
          </p>
          {sites}
          <p>All of it comes back when you reinstate them.</p>
          <Ask what="Suspend…">
            <Form name="suspend">
              <Reason />
              <button type="submit" class="danger">
                Suspend {account.login}
              </button>
            </Form>
          </Ask>
        </Danger>
      ) : (
        <Card title="Reinstate">
          <p>
            {account.login} can log in again, their keys work, and the sites that were suspended
            with them are active.
          </p>
          <Form name="reinstate">
            <Reason />
            <button type="submit">Reinstate {account.login}</button>
          </Form>
        </Card>
      )}
      <Danger title="End for good">
        <p>
          Everything that tells whose account it was is deleted: login, e-mail, passkeys, keys. What
          it did stays in the log, under its id alone. This cannot be undone.
          {alone.length > 0 && ' The sites that nobody else owns are deleted with it:'}
        </p>
        {sites}
        <Ask what="End this account…" open={form.name === 'terminate'}>
          <Form name="terminate">
            <Field
              name="login"
              label={`Type ${account.login} to show that you mean it`}
              autocomplete="off"
              spellcheck={false}
            />
            <Reason />
            <button type="submit" class="danger">
              End {account.login} for good
            </button>
          </Form>
        </Ask>
      </Danger>
    </>
  )
}

/** They hear of it either way. */
function Reason() {
  return (
    <Area
      name="reason"
      label="Why (may stay empty)"
      hint="They are told of it by mail and webhook, if they have any, with this in your words. It is in no log."
      rows={2}
    />
  )
}
