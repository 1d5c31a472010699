import type { FastifyReply } from 'fastify'
import { type ComponentChildren, createContext, type VNode } from 'preact'
import { useContext } from 'preact/hooks'
import { renderToString } from 'preact-render-to-string'
import { type Asset, favicon, stylesheet } from './assets.ts'
import { Mark } from './mark.tsx'

/**
 * What a page may load: its own, from here. The widget needs no more: it draws on a canvas, its styles are adopted
 * sheets, and its worker lives in a frame of this origin with a policy of its own.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What stands under every page. */
const ABOUT = [
  { path: '/terms', words: 'Terms' },
  { path: '/promises', words: 'Promises' },
  { path: '/status', words: 'Status' },
  { path: '/feedback', words: 'Feedback' },
  { path: '/licenses', words: 'Licences' },
] as const

/** What the frame of every page depends on. */
interface Around {
  /** Whether feedback is taken here. */
  feedback: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    around: Around
  }
}

const Here = createContext<Around>({ feedback: true })

interface PageProps {
  title: string
  description: string
  /** Which entry of the menu this is. */
  path: string
  /** Whether there is a demo to link to. */
  demo: boolean
  /** Whether the page shows the widget. */
  widget?: boolean
  /** The language of the page, if not English. */
  lang?: string
  /** A feed of it. */
  feed?: { path: string; title: string }
  /** What only a page of its sort needs: it is told by its class, and looks and works by these too. */
  sort?: { name: string; style: Asset; scripts: readonly Asset[] }
  /** What stands beside the content, and before it: who skips to the content skips it. */
  beside?: ComponentChildren
  children: ComponentChildren
}

/** The frame that every page shares. */
export function Page(props: PageProps) {
  const {
    title,
    description,
    path,
    demo,
    widget,
    lang = 'en',
    feed,
    sort,
    beside,
    children,
  } = props
  const { feedback } = useContext(Here)
  const about = ABOUT.filter(({ path }) => feedback || path !== '/feedback')
  const here = (href: string) => (href === path ? 'page' : undefined)
  /** The frame around it is in English. */
  const frame = lang === 'en' ? undefined : 'en'
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="description" content={description} />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={stylesheet.path} />
        <link rel="icon" href={favicon.path} type="image/svg+xml" />
        {feed && (
          <link rel="alternate" type="application/atom+xml" href={feed.path} title={feed.title} />
        )}
        {sort && <link rel="stylesheet" href={sort.style.path} />}
        {sort?.scripts.map((script) => (
          <script src={script.path} defer />
        ))}
        {widget && <script src="/v1/widget.js" async />}
      </head>
      <body class={sort?.name}>
        <a class="skip" href="#main" lang={frame}>
          Skip to the content
        </a>
        <header class="bar" lang={frame}>
          <a class="brand" href="/" aria-current={here('/')}>
            <Mark />
            One Captcha
          </a>
          <nav aria-label="Pages">
            {demo && (
              <a href="/demo" aria-current={here('/demo')}>
                Demo
              </a>
            )}
            <a href="/docs" aria-current={here('/docs')}>
              Docs
            </a>
            <a href="/docs/api" aria-current={here('/docs/api')}>
              API
            </a>
            <a href="/privacy" aria-current={here('/privacy')}>
              Privacy
            </a>
          </nav>
        </header>
        {beside ? (
          <div class="with-side">
            {beside}
            <main id="main" tabIndex={-1}>
              {children}
            </main>
          </div>
        ) : (
          <main id="main" tabIndex={-1}>
            {children}
          </main>
        )}
        <footer class="bar" lang={frame}>
          <p>Everything on this page comes from this one server.</p>
          <nav aria-label="About the service">
            {about.map(({ path: href, words }) => (
              <a href={href} aria-current={here(href)}>
                {words}
              </a>
            ))}
          </nav>
        </footer>
      </body>
    </html>
  )
}

/** A page as it is sent: for those that many ask for and that are the same for all. */
export function renderPage(page: VNode, around: Around): string {
  const whole = <Here.Provider value={around}>{page}</Here.Provider>
  return `<!doctype html>${renderToString(whole)}`
}

/** Sends a page. Its text is escaped by the renderer, and its policy lets no script in that is not ours. */
export function sendPage(reply: FastifyReply, page: VNode | string, status = 200) {
  const html = typeof page === 'string' ? page : renderPage(page, reply.server.around)
  return asPage(reply, status).send(html)
}

/** Says that what is sent is a page, and what it may do. */
export function asPage(reply: FastifyReply, status = 200): FastifyReply {
  return (
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cross-origin-opener-policy', 'same-origin')
      // A page names its own address, and a verdict is about one visitor: no cache in between may keep it.
      .header('cache-control', reply.getHeader('cache-control') ?? 'private, no-cache')
  )
}
