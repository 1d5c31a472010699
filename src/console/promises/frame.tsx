import type { ComponentChildren } from 'preact'
import { Frame } from '../frame.tsx'
import { Tabs } from '../parts.tsx'

/** What the operator keeps the Terms with. Each is a page of its own under `/console/promises`. */
const TABS = [
  { path: '/console/promises', words: 'Terms' },
  { path: '/console/promises/status', words: 'Status' },
  { path: '/console/promises/notices', words: 'Notices' },
  { path: '/console/promises/feedback', words: 'Feedback' },
  { path: '/console/promises/breaches', words: 'Breaches' },
  { path: '/console/promises/doctor', words: 'Doctor' },
] as const

interface PromisesFrameProps {
  /** Which of the pages this is, or is a part of. */
  tab: (typeof TABS)[number]['path']
  title?: string
  /** The one thing to do from here. */
  action?: ComponentChildren
  children: ComponentChildren
}

/** The frame of the pages with which an operator keeps the Terms. */
export function PromisesFrame({ tab, title, action, children }: PromisesFrameProps) {
  return (
    <Frame
      title={title ?? 'Promises'}
      here="promises"
      action={action}
      under={title ? { path: tab, words: TABS.find(({ path }) => path === tab)!.words } : undefined}
      tabs={<Tabs label="Promises" here={tab} tabs={TABS} />}
    >
      {children}
    </Frame>
  )
}
