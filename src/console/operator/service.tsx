import { readFileSync } from 'node:fs'
import type { ComponentChildren } from 'preact'
import type { Context } from '../../context.ts'
import type { OperatorSettings, SiteRow } from '../../store/store.ts'
import { Field, Form, Radios } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Badge, Callout, Card, Empty, Facts, Table, Tabs, When } from '../parts.tsx'
import { go } from '../visit.ts'
import { lasting, nameOf } from '../words.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string }

const SITES = 50

const SIGN_UPS = [
  { value: 'open', label: 'Open', hint: 'Anybody can make an account.' },
  { value: 'invitation', label: 'By invitation', hint: 'Whoever has a link from you.' },
  { value: 'closed', label: 'Closed', hint: 'Nobody, not even with a link.' },
] as const

/** What holds for all, and how this node is. */
export function servicePages(scope: Scope) {
  const { context } = scope
  const startedAt = context.tools.now()

  page(scope, '/service', {
    operator: true,
    get: async ({ actor }) => <Settings settings={await context.manage.settings(actor)} />,
    post: {
      settings: async ({ actor, form }) => {
        const signUp = SIGN_UPS.find(({ value }) => value === form.text('signUp'))?.value
        const sitesMax = /^\d{1,5}$/.test(form.text('sitesMax'))
          ? Number(form.text('sitesMax'))
          : -1
        const mistakes: Record<string, string> = {}
        if (!signUp) mistakes.signUp = 'Please choose one.'
        if (sitesMax < 0 || sitesMax > 10_000)
          mistakes.sitesMax = 'Please give a whole number from 0 to 10000.'
        if (Object.keys(mistakes).length > 0) throw new Mistaken(mistakes)
        await context.manage.setSettings(actor, { signUp, sitesMax })
        return go('/console/service', 'settings-saved')
      },
    },
  })

  page(scope, '/service/sites', {
    operator: true,
    get: async ({ actor, query }) => {
      const found = await context.manage.allSites(actor, query('after'), SITES + 1)
      const shown = found.slice(0, SITES)
      const next = found.length > SITES ? shown.at(-1)!.sitekey : null
      return <AllSites sites={shown} next={next} />
    },
    post: {
      suspend: async ({ actor, form, url }) => {
        await context.manage.suspendSite(actor, form.text('sitekey'))
        return go(url, 'site-suspended')
      },
      reinstate: async ({ actor, form, url }) => {
        await context.manage.reinstateSite(actor, form.text('sitekey'))
        return go(url, 'site-reinstated')
      },
    },
  })

  page(scope, '/service/health', {
    operator: true,
    get: async ({ now }) => <Health {...(await examine(context))} upMs={now - startedAt} />,
  })
}

function ServiceFrame({ tab, children }: { tab: string; children: ComponentChildren }) {
  return (
    <Frame
      title="Service"
      here="service"
      tabs={
        <Tabs
          label="Pages of the service"
          here={`/console/service${tab}`}
          tabs={[
            { path: '/console/service', words: 'Settings' },
            { path: '/console/service/sites', words: 'All sites' },
            { path: '/console/service/health', words: 'Health' },
          ]}
        />
      }
    >
      {children}
    </Frame>
  )
}

function Settings({ settings }: { settings: OperatorSettings }) {
  return (
    <ServiceFrame tab="">
      <Card title="Accounts">
        <Form name="settings">
          <Radios
            name="signUp"
            label="Who may make an account"
            choices={SIGN_UPS}
            value={settings.signUp}
          />
          <Field
            name="sitesMax"
            label="One developer may own"
            hint="Operators may own any number. Who has more already keeps them."
            unit="sites"
            value={settings.sitesMax}
            inputMode="numeric"
          />
          <button type="submit">Save</button>
        </Form>
      </Card>
      <Callout kind="info">
        What needs a restart is set in the environment, and described in the documentation:
        addresses, keys, the database, mail.
      </Callout>
    </ServiceFrame>
  )
}

function AllSites({ sites, next }: { sites: SiteRow[]; next: string | null }) {
  return (
    <ServiceFrame tab="/sites">
      {sites.length === 0 ? (
        <Empty title="No site yet">Nobody has added one.</Empty>
      ) : (
        <Card title="The sites of all">
          <Table
            caption="All sites"
            rows={sites}
            columns={[
              {
                title: 'Site',
                cell: (site) => (
                  <>
                    <a href={`/console/sites/${site.sitekey}`}>{nameOf(site)}</a>
                    <span class="hint">{site.hosts.slice(0, 3).join(', ')}</span>
                  </>
                ),
              },
              { title: 'Standing', cell: ({ state }) => <Badge state={state} /> },
              { title: 'Mode', cell: ({ mode }) => mode },
              { title: 'Added', cell: ({ createdAt }) => <When at={createdAt} /> },
              { title: 'Change', quiet: true, cell: (site) => <Standing site={site} /> },
            ]}
          />
        </Card>
      )}
      {next && (
        <a href={`/console/service/sites?after=${encodeURIComponent(next)}`}>Further ones</a>
      )}
    </ServiceFrame>
  )
}

function Standing({ site }: { site: SiteRow }) {
  const active = site.state === 'active'
  return (
    <Ask what={active ? 'Suspend…' : 'Reinstate…'}>
      <p>
        {active
          ? 'It gets no challenges, and none of its tokens is good, on every node at once, until you reinstate it.'
          : 'It gets challenges again, and its tokens are good.'}
      </p>
      <Form name={active ? 'suspend' : 'reinstate'} plain>
        <input type="hidden" name="sitekey" value={site.sitekey} />
        <button type="submit" class={active ? 'danger small' : 'small'}>
          {active ? `Suspend ${nameOf(site)}` : `Reinstate ${nameOf(site)}`}
        </button>
      </Form>
    </Ask>
  )
}

interface HealthProps {
  store: Look
  ledger: Look
  pictures: number
  upMs: number
}

function Health({ store, ledger, pictures, upMs }: HealthProps) {
  return (
    <ServiceFrame tab="/health">
      <Card
        title="This node"
        lead="Of the one that answered you. Where there are several, ask each for /readyz, or your monitoring for /metrics."
      >
        <Facts
          facts={[
            ['Version', version],
            ['Up for', lasting(upMs)],
            ['Pictures that are ready', `${pictures} pictures`],
          ]}
        />
      </Card>
      <Card title="What it needs" lead="Tried just now, by one read and one write.">
        <Table
          caption="What this node needs"
          rows={[
            ['Store', 'accounts, sites, the log', store] as const,
            ['Ledger', 'what was spent, and pressure', ledger] as const,
          ]}
          columns={[
            {
              title: 'What',
              cell: ([name, what]) => (
                <>
                  {name}
                  <span class="hint">{what}</span>
                </>
              ),
            },
            {
              title: 'Standing',
              cell: ([, , { works }]) => <Badge state={works ? 'good' : 'bad'} />,
            },
            { title: 'Took', number: true, cell: ([, , { ms }]) => `${ms.toFixed(1)} ms` },
          ]}
        />
      </Card>
    </ServiceFrame>
  )
}

interface Look {
  works: boolean
  ms: number
}

/** Asks the parts that a node cannot do without, as `/readyz` does. */
async function examine({ store, ledger, tools, painter }: Context) {
  const now = tools.now()
  return {
    store: await look(() => store.sites.byKey('ock_none')),
    ledger: await look(() =>
      ledger.spend({ id: `console ${now}`, issuedAt: now, expiresAt: now + 1_000 }),
    ),
    pictures: painter.ready(),
  }
}

async function look(act: () => Promise<unknown>): Promise<Look> {
  const startedAt = performance.now()
  const works = await act().then(
    () => true,
    () => false,
  )
  return { works, ms: performance.now() - startedAt }
}
