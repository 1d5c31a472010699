import type { SiteView } from '../manage/manage.ts'
import { OPERATOR_SCOPES } from '../manage/may.ts'
import type { ApiKey, Scope as KeyScope } from '../store/store.ts'
import { Checks, Field, Form, Select } from './fields.tsx'
import { Mistaken } from './form.ts'
import { Frame } from './frame.tsx'
import { page, type Scope } from './http.tsx'
import { Ask, Callout, Card, Copyable, Day, Empty, Table, When } from './parts.tsx'
import { go, useVisit } from './visit.ts'
import { nameOf, SCOPE_CHOICES } from './words.ts'

const LIVES = ['30', '90', '365', ''] as const

/** Keys to the management API. */
export function keysPages(scope: Scope) {
  page(scope, '/keys', {
    get: async ({ context, actor }) => {
      const [keys, sites] = await Promise.all([
        context.manage.keys(actor),
        context.manage.sites(actor),
      ])
      return <Keys keys={keys} sites={sites} />
    },
    post: {
      end: async ({ context, actor, form }) => {
        await context.manage.endKey(actor, form.text('id'))
        return go('/console/keys', 'key-ended')
      },
    },
  })

  page(scope, '/keys/add', {
    get: async ({ context, actor }) => <AddKey sites={await context.manage.sites(actor)} />,
    post: {
      key: async ({ context, actor, form }) => {
        const name = form.text('name')
        const scopes = form.list('scopes') as KeyScope[]
        const life = LIVES.find((one) => one === form.text('life'))
        const mistakes: Record<string, string> = {}
        if (name === '') mistakes.name = 'Please give it a name, by which you will know it again.'
        if (scopes.length === 0) mistakes.scopes = 'Please choose at least one.'
        if (life === undefined) mistakes.life = 'Please choose one.'
        if (Object.keys(mistakes).length > 0) throw new Mistaken(mistakes)
        const { key, row } = await context.manage.addKey(actor, {
          name,
          scopes,
          sitekey: form.text('sitekey') || undefined,
          lifeDays: life ? Number(life) : undefined,
        })
        return { show: <Added secret={key} row={row} />, status: 201 }
      },
    },
  })
}

function Keys({ keys, sites }: { keys: ApiKey[]; sites: SiteView[] }) {
  const add = (words: string) => (
    <a class="button" href="/console/keys/add">
      {words}
    </a>
  )
  if (keys.length === 0) {
    return (
      <Frame title="Keys" here="keys">
        <Empty title="No key yet" action={add('Make a key')}>
          With a key your own programs do what you can do here: add sites, rotate secrets, read
          numbers. Each key has its own scopes, and can end by itself.
        </Empty>
      </Frame>
    )
  }
  return (
    <Frame title="Keys" here="keys" action={add('Make a key')}>
      <Card
        title="Keys to the management API"
        aside={<a href="/openapi.json">What they can call</a>}
      >
        <Table
          caption="Your keys"
          rows={keys}
          columns={[
            {
              title: 'Name',
              cell: ({ name, hint }) => (
                <>
                  {name}
                  <span class="hint">
                    <code>…{hint}</code>
                  </span>
                </>
              ),
            },
            {
              title: 'May',
              cell: ({ scopes, sitekey }) => (
                <>
                  {scopes.join(', ')}
                  {sitekey && <span class="hint">only on {siteName(sites, sitekey)}</span>}
                </>
              ),
            },
            {
              title: 'Ends',
              cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <When at={expiresAt} />),
            },
            {
              title: 'Last used',
              cell: ({ lastUsedDay }) =>
                lastUsedDay === null ? 'never' : <Day day={lastUsedDay} />,
            },
            { title: 'End', quiet: true, cell: (key) => <End row={key} /> },
          ]}
        />
      </Card>
    </Frame>
  )
}

function siteName(sites: SiteView[], sitekey: string): string {
  const site = sites.find((one) => one.sitekey === sitekey)
  return site ? nameOf(site) : sitekey
}

function End({ row }: { row: ApiKey }) {
  return (
    <Ask what="End…">
      <p>Whatever still uses it is refused at once.</p>
      <Form name="end" plain>
        <input type="hidden" name="id" value={row.id} />
        <button type="submit" class="danger small">
          End {row.name} now
        </button>
      </Form>
    </Ask>
  )
}

function AddKey({ sites }: { sites: SiteView[] }) {
  const { who } = useVisit()
  const scopes = SCOPE_CHOICES.filter(
    ({ value }) => !OPERATOR_SCOPES.includes(value) || who!.account.role === 'operator',
  )
  return (
    <Frame title="Make a key" here="keys" under={{ path: '/console/keys', words: 'Keys' }}>
      <Card>
        <Form name="key">
          <Field
            name="name"
            label="Name"
            hint="Where it will be used, such as “deploy script”."
            maxLength={80}
            autocomplete="off"
            autofocus
          />
          <Checks
            name="scopes"
            label="It may"
            hint="As little as it needs. It can never do more than you."
            choices={scopes}
          />
          <Select
            name="sitekey"
            label="On"
            choices={[
              { value: '', label: 'all of my sites' },
              ...sites.map((site) => ({ value: site.sitekey, label: nameOf(site) })),
            ]}
          />
          <Select
            name="life"
            label="It ends"
            value="90"
            choices={LIVES.map((days) => ({
              value: days,
              label: days === '' ? 'never by itself' : `after ${days} days`,
            }))}
          />
          <button type="submit">Make the key</button>
        </Form>
      </Card>
    </Frame>
  )
}

function Added({ secret, row }: { secret: string; row: ApiKey }) {
  const { origin } = useVisit()
  return (
    <Frame
      title={`The key ${row.name}`}
      here="keys"
      under={{ path: '/console/keys', words: 'Keys' }}
    >
      <Callout kind="warning">
        <strong>Keep the key now.</strong> It is shown this once, and cannot be had again.
      </Callout>
      <Card title="Key" lead="Whoever has it can do, in your name, what it is for.">
        <Copyable text={secret} label="the key" />
      </Card>
      <Card title="Try it">
        <Copyable
          block
          label="the example"
          text={`curl ${origin}/v1/manage/sites \\\n  -H 'authorization: Bearer ${secret}'`}
        />
        <p>
          <a href="/console/keys">I have kept it</a>
        </p>
      </Card>
    </Frame>
  )
}
