import type { ComponentChildren } from 'preact'
import type { SiteView } from '../../manage/manage.ts'
import type { Asset } from '../../pages/assets.ts'
import { Frame } from '../frame.tsx'
import { Callout, Tabs } from '../parts.tsx'
import type { Visit } from '../visit.ts'
import { nameOf } from '../words.ts'

const TABS = [
  ['', 'Overview'],
  ['/install', 'Install'],
  ['/playground', 'Playground'],
  ['/settings', 'Settings'],
  ['/secrets', 'Secrets'],
  ['/members', 'Members'],
  ['/log', 'Log'],
] as const

/** A page's site; as if it were not there for those who have no part in it. */
export function siteOf({ context, actor, params }: Visit): Promise<SiteView> {
  return context.manage.site(actor, params.sitekey ?? '')
}

interface SiteFrameProps {
  site: SiteView
  /** Which of the site's pages this is. */
  tab: (typeof TABS)[number][0]
  action?: ComponentChildren
  scripts?: readonly Pick<Asset, 'path'>[]
  children: ComponentChildren
}

/** The frame of a site's pages. */
export function SiteFrame({ site, tab, action, scripts, children }: SiteFrameProps) {
  const path = `/console/sites/${site.sitekey}`
  const [, words] = TABS.find(([one]) => one === tab)!
  return (
    <Frame
      title={nameOf(site)}
      window={tab === '' ? nameOf(site) : `${words} of ${nameOf(site)}`}
      here="sites"
      under={{ path: '/console', words: 'Sites' }}
      action={action}
      scripts={scripts}
      tabs={
        <Tabs
          label="Pages of this site"
          here={path + tab}
          tabs={TABS.map(([end, words]) => ({ path: path + end, words }))}
        />
      }
    >
      {site.state === 'suspended' && (
        <Callout kind="warning">
          <strong>This site is suspended.</strong> It gets no challenges, and none of its tokens is
          good. Whoever runs this service can reinstate it.
        </Callout>
      )}
      {children}
    </Frame>
  )
}
