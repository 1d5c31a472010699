import type { SiteView } from '../../manage/manage.ts'
import { reaches } from '../../manage/may.ts'
import type { SecretRow } from '../../store/store.ts'
import { Form, Select } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { page, type Scope } from '../http.tsx'
import { Ask, Badge, Callout, Card, Copyable, Day, Table, When } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { lasting } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const OVERLAPS_MS = [0, HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS]

/** A site's secrets: which there are, a new one, and the end of one. What they are is never shown again. */
export function secretsPage(scope: Scope) {
  page(scope, '/sites/:sitekey/secrets', {
    get: async (visit) => {
      const site = await siteOf(visit)
      const secrets = await visit.context.manage.secrets(visit.actor, site.sitekey)
      return <Secrets site={site} secrets={secrets} />
    },
    post: {
      rotate: async (visit) => {
        const { context, actor, params, form } = visit
        const overlapMs = OVERLAPS_MS.find((one) => String(one) === form.text('overlap'))
        if (overlapMs === undefined) throw new Mistaken({ overlap: 'Please choose one.' })
        const { secret } = await context.manage.rotateSecret(actor, params.sitekey!, overlapMs)
        const site = await siteOf(visit)
        return { show: <Rotated site={site} secret={secret} overlapMs={overlapMs} />, status: 201 }
      },
      end: async (visit) => {
        const { context, actor, params, form } = visit
        await context.manage.endSecret(actor, params.sitekey!, form.text('id'))
        return go(visit.url, 'secret-ended')
      },
    },
  })
}

function Secrets({ site, secrets }: { site: SiteView; secrets: SecretRow[] }) {
  const may = reaches(site.role, 'admin')
  const { now } = useVisit()
  const good = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  return (
    <SiteFrame site={site} tab="/secrets">
      <Card
        title="Secrets"
        lead="With a secret your backend redeems tokens. It is shown once; here are its last four characters."
      >
        <Table
          caption="Secrets of this site"
          rows={good}
          columns={[
            { title: 'Secret', cell: ({ hint }) => <code>…{hint}</code> },
            {
              title: 'Standing',
              cell: ({ expiresAt }) =>
                expiresAt === null ? (
                  <Badge state="good" />
                ) : (
                  <Badge state="ending">
                    <span>
                      Ends <When at={expiresAt} />
                    </span>
                  </Badge>
                ),
            },
            { title: 'Made', cell: ({ createdAt }) => <When at={createdAt} /> },
            {
              title: 'Last used',
              cell: ({ lastUsedDay }) =>
                lastUsedDay === null ? 'never' : <Day day={lastUsedDay} />,
            },
            ...(may && good.length > 1
              ? [
                  {
                    title: 'End',
                    quiet: true,
                    cell: (secret: SecretRow) => <End secret={secret} />,
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {may && (
        <Card
          title="Rotate"
          lead="Makes a new secret. The old ones stay good for a while, so that you can change your backend without losing a visitor."
        >
          <Form name="rotate">
            <Select
              name="overlap"
              label="The old ones end"
              value={String(DAY_MS)}
              choices={OVERLAPS_MS.map((ms) => ({
                value: String(ms),
                label: ms === 0 ? 'at once: they have leaked' : `after ${lasting(ms)}`,
              }))}
            />
            <button type="submit">Make a new secret</button>
          </Form>
        </Card>
      )}
    </SiteFrame>
  )
}

function End({ secret }: { secret: SecretRow }) {
  return (
    <Ask what="End…">
      <p>A backend that still uses …{secret.hint} is refused at once.</p>
      <Form name="end" plain>
        <input type="hidden" name="id" value={secret.id} />
        <button type="submit" class="danger small">
          End …{secret.hint} now
        </button>
      </Form>
    </Ask>
  )
}

interface RotatedProps {
  site: SiteView
  secret: string
  overlapMs: number
}

function Rotated({ site, secret, overlapMs }: RotatedProps) {
  return (
    <SiteFrame site={site} tab="/secrets">
      <Callout kind="warning">
        <strong>Keep the secret now.</strong> It is shown this once, and cannot be had again.
      </Callout>
      <Card title="The new secret">
        <Copyable text={secret} label="the new secret" />
        <p>
          {overlapMs === 0
            ? 'The old ones have ended.'
            : `The old ones stay good for ${lasting(overlapMs)}. Put the new one into your backend until then.`}
        </p>
        <p>
          <a href={`/console/sites/${site.sitekey}/secrets`}>I have kept it</a>
        </p>
      </Card>
    </SiteFrame>
  )
}
