import { page, type Scope } from '../http.tsx'
import { lastDay, SiteNumbers } from '../numbers.tsx'
import { Badge, Card, Copyable, Facts, When } from '../parts.tsx'
import { MODE_CHOICES } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'

/** A site at a glance: its numbers, and what it is. */
export function overviewPage(scope: Scope) {
  page(scope, '/sites/:sitekey', {
    get: async (visit) => {
      const site = await siteOf(visit)
      const numbers = await lastDay(visit, [site.sitekey])
      const mode = MODE_CHOICES.find(({ value }) => value === site.mode)!
      return (
        <SiteFrame
          site={site}
          tab=""
          action={
            <a class="button" href={`/console/sites/${site.sitekey}/install`}>
              Install
            </a>
          }
        >
          <SiteNumbers site={site} day={numbers.get(site.sitekey)!} />
          <Card title="What it is">
            <Facts
              facts={[
                ['Standing', <Badge state={site.state} />],
                ['Visitors meet', mode.label],
                ['Secrets that work', `${site.secrets}`],
                ['Your role', site.role],
                ['Added', <When at={site.createdAt} />],
                ['Host names', site.hosts.join(', ')],
              ]}
            />
            <Copyable text={site.sitekey} label="the sitekey" />
          </Card>
        </SiteFrame>
      )
    },
  })
}
