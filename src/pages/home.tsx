import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { LANGUAGES } from '../widget/language.ts'
import { sizeOf } from '../widget/size.ts'
import { Page, sendPage } from './page.tsx'
import { Widget } from './widget.tsx'

interface HomeProps {
  /** Where the service is, as the reader reaches it. */
  origin: string
  /** The keys in the examples. The public test keys work as they stand; nobody's real ones are shown. */
  keys: { sitekey: string; secret: string; test: boolean }
  /** The demo site's key; null where there is no demo. */
  demo: string | null
  /** What a visitor downloads who meets a puzzle; 0 where that is not known. */
  bytes: number
}

/** What this is, for somebody who comes across it. */
export function home(app: FastifyInstance, context: Context) {
  const { config } = context
  const keys = config.testKeys
    ? { sitekey: 'oc-test-pass', secret: 'oc-test-secret-pass', test: true }
    : { sitekey: 'your-sitekey', secret: 'your-secret', test: false }
  const bytes = sizeOf(new Map(context.widget)).total ?? 0

  app.get('/', { schema: { hide: true } }, (request, reply) => {
    const origin = config.publicUrl ?? originOf(request)
    const demo = context.demo?.sitekey ?? null
    return sendPage(reply, <Home origin={origin} keys={keys} demo={demo} bytes={bytes} />)
  })
}

/** Where the reader found us. Only their own request says so, so only they are told. */
function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

function Home({ origin, keys, demo, bytes }: HomeProps) {
  return (
    <Page
      title="One Captcha"
      description="A CAPTCHA that you host yourself. It makes robots work, and leaves people alone."
      path="/"
      demo={demo !== null}
      widget={demo !== null}
    >
      <div class="hero">
        <div class="text">
          <h1>It makes robots work, and leaves people alone</h1>
          <p class="lead">
            One Captcha is a CAPTCHA that you host yourself. A visitor ticks a box, the browser does
            a moment of work, and a short puzzle comes only where a site wants one or is under
            attack. Nobody is followed, and nobody else is asked.
          </p>
        </div>
        {demo && <Try sitekey={demo} />}
      </div>
      <Embed origin={origin} keys={keys} />
      <Facts bytes={bytes} />
    </Page>
  )
}

function Try({ sitekey }: { sitekey: string }) {
  return (
    <section class="card try" aria-labelledby="try">
      <h2 id="try">Try it</h2>
      <Widget sitekey={sitekey} />
      <p class="hint">
        This one always brings a puzzle, so that you see it.{' '}
        <a href="/demo">See it in a whole form</a>
      </p>
    </section>
  )
}

function Embed({ origin, keys }: Pick<HomeProps, 'origin' | 'keys'>) {
  return (
    <div class="pair">
      <section aria-labelledby="page">
        <h2 id="page">In your page</h2>
        <pre>
          <code>{`<script src="${origin}/v1/widget.js" async></script>
<one-captcha sitekey="${keys.sitekey}"></one-captcha>`}</code>
        </pre>
        <p class="hint">
          Inside a form, it adds the field <code>one-captcha-response</code>.
        </p>
      </section>
      <section aria-labelledby="backend">
        <h2 id="backend">In your backend</h2>
        <pre>
          <code>{`curl ${origin}/v1/siteverify \\
  -d secret=${keys.secret} -d response=TOKEN`}</code>
        </pre>
        <p class="hint">
          <code>"success": true</code> lets the visitor in.
          {keys.test &&
            ' These are the public test keys: they work as they stand, and always pass.'}
        </p>
      </section>
    </div>
  )
}

function Facts({ bytes }: { bytes: number }) {
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">What you can rely on</h2>
      <dl class="facts">
        <div>
          <dt>Private</dt>
          <dd>
            No cookie, no fingerprint, no address kept, no call to anybody else.{' '}
            <a href="/privacy">What is kept, and for how long</a>
          </dd>
        </div>
        <div>
          <dt>For everybody</dt>
          <dd>
            By mouse, touch, keyboard or screen reader, in {LANGUAGES.length} languages. In place of
            a puzzle anybody may choose to wait a little.
          </dd>
        </div>
        <div>
          <dt>Good once</dt>
          <dd>
            A challenge gets one try and a token one use. Both end within minutes, and belong to one
            site and one host name.
          </dd>
        </div>
        {bytes > 0 && (
          <div>
            <dt>Small</dt>
            <dd>
              {(bytes / 1000).toFixed(1)} kB of code in all, as it travels to a browser. A picture
              comes on top only where there is a puzzle.
            </dd>
          </div>
        )}
        <div>
          <dt>Yours</dt>
          <dd>
            One process and one folder of data, on a machine of your own. No account with anybody.
          </dd>
        </div>
        <div>
          <dt>Open</dt>
          <dd>
            Apache License 2.0, every call in <a href="/openapi.json">one OpenAPI document</a>, and
            all of it <a href="/docs">documented here</a>.
          </dd>
        </div>
      </dl>
    </section>
  )
}
