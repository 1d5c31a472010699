import type { SiteView } from '../../manage/manage.ts'
import { page, type Scope } from '../http.tsx'
import { Callout, Card, Copyable } from '../parts.tsx'
import { useVisit } from '../visit.ts'
import { backendSnippets } from './backend-snippets.ts'
import { SiteFrame, siteOf } from './frame.tsx'
import { pageSnippets, type Snippet } from './snippets.ts'

/** How a site gets the widget onto its pages, and its backend to ask. */
export function installPage(scope: Scope) {
  page(scope, '/sites/:sitekey/install', {
    get: async (visit) => <Install site={await siteOf(visit)} />,
  })
}

function Install({ site }: { site: SiteView }) {
  const { origin } = useVisit()
  const of = { origin, ...site }
  return (
    <SiteFrame
      site={site}
      tab="/install"
      action={
        <a class="button" href={`/console/sites/${site.sitekey}/playground`}>
          Try it
        </a>
      }
    >
      <Card
        title="1. In your page"
        lead={`The widget works on ${site.hosts.join(', ')} and nowhere else.`}
      >
        <Snippets snippets={pageSnippets(of)} />
        <p class="hint">
          All attributes and events: <a href="/docs/embedding">the widget on a page</a>.
        </p>
      </Card>
      <Card
        title="2. In your backend"
        lead="Where the form arrives, before you do what it asks for. The secret comes from the environment, as ONE_CAPTCHA_SECRET."
      >
        <Snippets snippets={backendSnippets(of)} />
        <p class="hint">
          More languages and frameworks: <a href="/docs/backends">in your backend</a> and{' '}
          <a href="/docs/sdk">in your code</a>.
        </p>
        <Callout kind="info">
          Without this step nothing is guarded: a robot need not load your page to send its form.
        </Callout>
      </Card>
      <Card title="3. If your pages have a content policy" lead="Add these to what it allows.">
        <Copyable
          block
          label="the policy"
          text={`script-src ${origin}; connect-src ${origin}; frame-src ${origin}`}
        />
      </Card>
    </SiteFrame>
  )
}

/** The first is open, as most need it; the others are a click away. */
function Snippets({ snippets }: { snippets: Snippet[] }) {
  return (
    <div class="snippets">
      {snippets.map(({ id, name, lead, code }, nth) => (
        <details class="more" open={nth === 0} id={id}>
          <summary>{name}</summary>
          <p class="hint">{lead}</p>
          <Copyable block text={code} label={`the example in ${name}`} />
        </details>
      ))}
    </div>
  )
}
