import type { ComponentChildren } from 'preact'
import { type Asset, favicon } from '../pages/assets.ts'
import { Mark } from '../pages/mark.tsx'
import { script, stylesheet } from './assets.ts'
import { Banner } from './banner.tsx'
import { Form } from './fields.tsx'
import { Draw, type Drawing } from './icons.tsx'
import { Callout, Summary } from './parts.tsx'
import { useVisit } from './visit.ts'

/** The side bar. With what is at its end it has eight words, for an operator. */
const MENU = [
  { here: 'sites', path: '/console', words: 'Sites', operator: false },
  { here: 'keys', path: '/console/keys', words: 'Keys', operator: false },
  { here: 'log', path: '/console/log', words: 'Log', operator: false },
  { here: 'accounts', path: '/console/accounts', words: 'Accounts', operator: true },
  { here: 'promises', path: '/console/promises', words: 'Promises', operator: true },
  { here: 'service', path: '/console/service', words: 'Service', operator: true },
] as const satisfies { here: Drawing; path: string; words: string; operator: boolean }[]

interface FrameProps {
  title: string
  /** What the window is called, if it says more than the title. */
  window?: string
  /** Which entry of the side bar this is in. */
  here?: (typeof MENU)[number]['here'] | 'account'
  /** What the page is a part of, such as a site: above the title, with the way back. */
  under?: { path: string; words: string }
  /** The one thing to do from here. */
  action?: ComponentChildren
  /** Links to the pages beside this one (`Tabs`). */
  tabs?: ComponentChildren
  /** Further scripts. */
  scripts?: readonly Pick<Asset, 'path'>[]
  children: ComponentChildren
}

/** The frame of every page of the console, for those who are logged in. */
export function Frame(props: FrameProps) {
  const { title, here, under, action, tabs, scripts, children } = props
  const visit = useVisit()
  if (!visit.who) return <Threshold title={title}>{children}</Threshold>
  return (
    <Sheet title={props.window ?? title} scripts={scripts} wide>
      <div class="console">
        <Side here={here} />
        <main id="main" tabIndex={-1}>
          <header class="head">
            <div>
              {under && (
                <p class="under">
                  <a href={under.path}>{under.words}</a>
                </p>
              )}
              <h1>{title}</h1>
            </div>
            {action && <div class="action">{action}</div>}
          </header>
          {tabs}
          <Banner />
          <Said />
          <Summary />
          {children}
        </main>
      </div>
    </Sheet>
  )
}

interface ThresholdProps {
  title: string
  lead?: ComponentChildren
  scripts?: readonly Pick<Asset, 'path'>[]
  children: ComponentChildren
}

/** The frame of the pages before it: one card in the middle. To log in, to sign up, and where something failed. */
export function Threshold({ title, lead, scripts, children }: ThresholdProps) {
  const { trustworthy } = useVisit()
  return (
    <Sheet title={title} scripts={scripts}>
      <header class="threshold-bar">
        <a class="brand" href="/console">
          <Mark />
          One Captcha
        </a>
      </header>
      <main id="main" tabIndex={-1} class="threshold">
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {!trustworthy && (
          <Callout kind="warning">
            The console needs https. Over plain http, as here, your browser does not keep you logged
            in, and others could read what you type.
          </Callout>
        )}
        <Said />
        <Summary />
        {children}
      </main>
    </Sheet>
  )
}

interface SheetProps {
  title: string
  wide?: boolean
  scripts?: readonly Pick<Asset, 'path'>[] | undefined
  children: ComponentChildren
}

function Sheet({ title, wide, scripts = [], children }: SheetProps) {
  const { form } = useVisit()
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${form.mistakes.size > 0 ? 'Please look again: ' : ''}${title} – One Captcha`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href={stylesheet.path} />
        <link rel="icon" href={favicon.path} type="image/svg+xml" />
        {[script, ...scripts].map(({ path }) => (
          <script src={path} defer />
        ))}
      </head>
      <body class={wide ? undefined : 'alone'}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  )
}

function Side({ here }: { here: string | undefined }) {
  const { who } = useVisit()
  const { login, role } = who!.account
  const entry = ({ here: name, path, words }: (typeof MENU)[number]) => (
    <li>
      <a href={path} aria-current={name === here ? 'page' : undefined}>
        <Draw what={name} />
        {words}
      </a>
    </li>
  )
  return (
    <header class="side">
      <a class="brand" href="/console">
        <Mark />
        One Captcha
      </a>
      <nav aria-label="Console">
        <ul>{MENU.filter(({ operator }) => !operator).map(entry)}</ul>
        {role === 'operator' && (
          <ul class="operator">{MENU.filter(({ operator }) => operator).map(entry)}</ul>
        )}
      </nav>
      <div class="me">
        <a href="/console/account" aria-current={here === 'account' ? 'page' : undefined}>
          <Draw what="account" />
          <span class="login">{login}</span>
        </a>
        <Form name="log-out" action="/console/log-out" plain>
          <button type="submit" class="link">
            Log out
          </button>
        </Form>
      </div>
    </header>
  )
}

function Said() {
  const { said } = useVisit()
  return said ? <Callout kind="success">{said}</Callout> : null
}
