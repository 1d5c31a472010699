import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { ComponentChildren } from 'preact'
import type { Context } from '../context.ts'
import { OPTIONAL_WORDS } from '../notices/by-mail.ts'
import { Page, sendPage } from './page.tsx'

const ONE_CLICK = 'List-Unsubscribe'
/** Its head as a part of a form. */
const FIELD = new RegExp(`\\bname="?${ONE_CLICK}"?[;\\s]`)

/**
 * Where the last line of a letter leads that nobody needs to have. To look changes nothing, as whoever scans letters follows
 * their links; the button does, and so does a mail program by itself (RFC 8058). No cookie is asked for: the link says who.
 */
export function unsubscribe(app: FastifyInstance, context: Context) {
  const { notices, demo } = context
  const isDemo = demo !== null
  const slipOf = (query: unknown) => {
    const { slip } = query as { slip?: unknown }
    return typeof slip === 'string' ? notices.leaving(slip) : null
  }

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(formbody)
    // As mail programs should send it (RFC 8058, section 3.2). Whether the field is there is all that is asked.
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'string' }, (_, text, done) =>
      done(null, FIELD.test(String(text)) ? { [ONE_CLICK]: '' } : {}),
    )

    scope.get('/unsubscribe', { schema: { hide: true } }, (request, reply) => {
      const leaving = slipOf(request.query)
      return leaving
        ? sendPage(reply, <Ask words={OPTIONAL_WORDS[leaving.kind]} demo={isDemo} />)
        : sendPage(reply, <Nothing demo={isDemo} />, 404)
    })

    scope.post('/unsubscribe', { schema: { hide: true } }, async (request, reply) => {
      const leaving = slipOf(request.query)
      const form = (request.body ?? {}) as Record<string, unknown>
      if (!leaving || !(ONE_CLICK in form)) {
        return sendPage(reply, <Nothing demo={isDemo} />, 404)
      }
      await notices.leave(leaving)
      return sendPage(reply, <Done words={OPTIONAL_WORDS[leaving.kind]} demo={isDemo} />)
    })
  })
}

function Ask({ words, demo }: { words: string; demo: boolean }) {
  return (
    <Frame title={`No more letters ${words}?`} demo={demo}>
      <p class="lead">
        You get letters {words} because you have an account here. Press the button, and no more of
        them are sent to you.
      </p>
      <p>
        What is part of the agreement, such as changes of the Terms, and what is about your own
        account still comes. In the console you can have these letters again.
      </p>
      <form method="post">
        <button type="submit" name={ONE_CLICK} value="One-Click">
          No more letters {words}
        </button>
      </form>
    </Frame>
  )
}

function Done({ words, demo }: { words: string; demo: boolean }) {
  return (
    <Frame title="Done" demo={demo}>
      <p class="lead">No more letters {words} are sent to you.</p>
      <p>
        If you want them again: <a href="/console/account/notices">what you get by mail</a>, in the
        console.
      </p>
    </Frame>
  )
}

function Nothing({ demo }: { demo: boolean }) {
  return (
    <Frame title="This link leads nowhere" demo={demo}>
      <p class="lead">
        It is not whole, or not one of ours. Please open the link as it is in the letter, or choose
        in the console <a href="/console/account/notices">what you get by mail</a>.
      </p>
    </Frame>
  )
}

function Frame({
  title,
  demo,
  children,
}: {
  title: string
  demo: boolean
  children: ComponentChildren
}) {
  return (
    <Page
      title={`${title} – One Captcha`}
      description="Stop letters that you need not have."
      path="/unsubscribe"
      demo={demo}
    >
      <div class="text">
        <h1>{title}</h1>
        {children}
      </div>
    </Page>
  )
}
