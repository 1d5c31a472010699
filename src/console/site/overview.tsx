import { chartScript } from '../assets.ts'
import { page, type Scope } from '../http.tsx'
import { readNumbers, SiteNumbers } from '../numbers.tsx'
import { Badge, Card, Copyable, Facts, When } from '../parts.tsx'
import { MODE_CHOICES, ROLE_CHOICES } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'

/** A site at a glance: its numbers, and what it is. */
export function overviewPage(scope: Scope) {
  page(scope, '/sites/:sitekey', {
    get: async (visit) => {
      const site = await siteOf(visit)
      const numbers = await readNumbers(visit, site)
      const mode = MODE_CHOICES.find(({ value }) => value === site.mode)!
      return (
        <SiteFrame
          site={site}
          tab=""
          scripts={[chartScript]}
          action={
            <a class="button" href={`/console/sites/${site.sitekey}/install`}>
              Install
            </a>
          }
        >
          <SiteNumbers path={`/console/sites/${site.sitekey}`} numbers={numbers} />
          <Card title="What it is">
            <Facts
              facts={[
                ['Standing', <Badge state={site.state} />],
                ['Visitors meet', mode.label],
                ['Secrets that work', `${site.secrets}`],
                ['Your role', ROLE_CHOICES.find(({ value }) => value === site.role)!.label],
                ['Added', <When at={site.createdAt} />],
                ['Host names', site.hosts.join(', ')],
                ['Sitekey', <Copyable text={site.sitekey} label="the sitekey" />],
              ]}
            />
          </Card>
        </SiteFrame>
      )
    },
  })
  // For charts that are drawn anew while somebody looks.
  page(scope, '/sites/:sitekey/numbers.json', {
    get: async (visit) => ({ json: await readNumbers(visit, await siteOf(visit)) }),
  })
}
