import type { SiteView } from '../manage/manage.ts'
import type { LastDay } from '../stats/stats.ts'
import { Field, Form, Radios } from './fields.tsx'
import { Mistaken } from './form.ts'
import { Frame } from './frame.tsx'
import { page, type Scope } from './http.tsx'
import { lastDay } from './numbers.tsx'
import { Badge, Callout, Card, Copyable, Empty, Table } from './parts.tsx'
import { readHosts } from './site/hosts.ts'
import { MODE_CHOICES, mainHost, nameOf } from './words.ts'

const ADD = '/console/sites/add'

/** One's own sites, and adding one. */
export function sitesPages(scope: Scope) {
  page(scope, '/', {
    get: async (visit) => {
      const sites = await visit.context.manage.sites(visit.actor)
      const numbers = await lastDay(
        visit,
        sites.map(({ sitekey }) => sitekey),
      )
      return <Sites sites={sites} numbers={numbers} />
    },
  })

  page(scope, '/sites/add', {
    get: () => <AddSite />,
    post: {
      site: async ({ form, context, actor }) => {
        const name = form.text('name')
        const { hosts, mistake } = readHosts(form.text('hosts'))
        if (mistake) throw new Mistaken({ hosts: mistake })
        const mode = MODE_CHOICES.find(({ value }) => value === form.text('mode'))?.value
        if (!mode) throw new Mistaken({ mode: 'Please choose one.' })
        const { sitekey, secret } = await context.manage.addSite(actor, { name, hosts, mode })
        return {
          show: <Added name={name || mainHost({ hosts })} sitekey={sitekey} secret={secret} />,
          status: 201,
        }
      },
    },
  })
}

function Sites({ sites, numbers }: { sites: SiteView[]; numbers: Map<string, LastDay> }) {
  const add = (words: string) => (
    <a class="button" href={ADD}>
      {words}
    </a>
  )
  if (sites.length === 0) {
    return (
      <Frame title="Sites" here="sites">
        <Empty title="No site yet" action={add('Add your first site')}>
          A site is a website whose forms One Captcha guards. You give it its host names; it gets a
          sitekey for its pages and a secret for its backend.
        </Empty>
      </Frame>
    )
  }
  const count = (site: SiteView, name: keyof LastDay) =>
    (numbers.get(site.sitekey)?.[name] ?? 0).toLocaleString('en')
  return (
    <Frame title="Sites" here="sites" action={add('Add a site')}>
      <Card title="All of your sites" lead="Numbers are of the last 24 hours.">
        <Table
          caption="Your sites"
          rows={sites}
          columns={[
            {
              title: 'Site',
              cell: (site) => (
                <>
                  <a href={`/console/sites/${site.sitekey}`}>{nameOf(site)}</a>
                  <span class="hint">{hostsOf(site)}</span>
                </>
              ),
            },
            { title: 'Standing', cell: (site) => <Badge state={site.state} /> },
            { title: 'Challenges', number: true, cell: (site) => count(site, 'challenges') },
            { title: 'Passed', number: true, cell: (site) => count(site, 'passed') },
            { title: 'Tokens redeemed', number: true, cell: (site) => count(site, 'redeemed') },
          ]}
        />
      </Card>
    </Frame>
  )
}

function hostsOf(site: SiteView): string {
  const others = site.hosts.length - 1
  return others > 0 ? `${mainHost(site)} and ${others} more` : mainHost(site)
}

function AddSite() {
  return (
    <Frame title="Add a site" here="sites" under={{ path: '/console', words: 'Sites' }}>
      <Card>
        <Form name="site">
          <Field
            name="name"
            label="Name"
            hint="What you call it. Only members see it."
            maxLength={80}
            autocomplete="off"
            required={false}
            autofocus
          />
          <Field
            name="hosts"
            label="Host names"
            hint={
              <>
                Where its pages are, such as <code>example.org</code>, with blanks between.{' '}
                <code>*.example.org</code> stands for all names below it, <code>localhost</code> for
                your own machine.
              </>
            }
            autocomplete="off"
            spellcheck={false}
          />
          <Radios
            name="mode"
            label="What visitors meet"
            choices={MODE_CHOICES}
            value="checkbox"
            hint="You can change this at any time."
          />
          <button type="submit">Add the site</button>
        </Form>
      </Card>
    </Frame>
  )
}

function Added({ name, sitekey, secret }: { name: string; sitekey: string; secret: string }) {
  const path = `/console/sites/${sitekey}`
  return (
    <Frame
      title={`${name} is added`}
      here="sites"
      under={{ path: '/console', words: 'Sites' }}
      action={
        <a class="button" href={`${path}/install`}>
          Install it
        </a>
      }
    >
      <Callout kind="warning">
        <strong>Keep the secret now.</strong> It is shown this once, and cannot be had again: only a
        fingerprint of it is kept. If it is lost, rotate it.
      </Callout>
      <Card title="Secret" lead="For your backend alone. Whoever has it can redeem your tokens.">
        <Copyable text={secret} label="the secret" />
      </Card>
      <Card title="Sitekey" lead="For your pages. It is public.">
        <Copyable text={sitekey} label="the sitekey" />
      </Card>
    </Frame>
  )
}
