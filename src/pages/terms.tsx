import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { Context } from '../context.ts'
import { readNumber } from '../server/terms.ts'
import { isUnchanged } from '../server/unchanged.ts'
import { diffTerms } from '../terms/diff.ts'
import { nameOf, textFor } from '../terms/languages.ts'
import { pathOfText } from '../terms/manifest.ts'
import { type Phrases, phrasesFor } from '../terms/phrases.ts'
import { renderTerms } from '../terms/render.ts'
import type { Version, VersionText } from '../terms/terms.ts'
import { renderPage, sendPage } from './page.tsx'
import { Difference } from './terms-diff.tsx'
import { chosenIn, FEED, Languages, Moment, Standing, Summary, TermsFrame } from './terms-parts.tsx'

/** Pages that were made and can be sent again: a text never changes, and comparing two takes long. */
const KEPT_MAX = 200

type Asked = FastifyRequest<{ Querystring: { lang?: unknown } }>

/** The Terms, for everybody: without a log-in, a script or, once they were read, the database. */
export function terms(app: FastifyInstance, context: Context) {
  const { terms } = context
  const route = { schema: { hide: true } }
  const around = { demo: context.demo !== null, feedback: context.config.feedback }
  const { demo } = around
  const kept = new Map<string, string>()

  app.get('/terms', route, async (request: Asked, reply) => {
    const { current, upcoming } = await holding()
    const text = textIn(current, request, reply)
    const chosen = chosenIn(request.query, text.lang)
    const key = ['/terms', stand(current), text.lang, chosen, upcoming?.number]
    return send(request, reply, key, () => (
      <TermsPage path="/terms" {...{ version: current, text, chosen, upcoming, ...around }} />
    ))
  })

  app.get('/terms/versions', route, async (request: Asked, reply) => {
    const versions = await terms.versions()
    const { lang } = textIn(versions[0]!, request, reply)
    const said = phrasesFor(lang)
    const chosen = chosenIn(request.query, lang)
    return send(request, reply, ['versions', said.lang, chosen, ...versions.map(stand)], () => (
      <Versions {...{ versions, said, chosen, demo }} />
    ))
  })

  app.get<{ Params: { number: string }; Querystring: { lang?: unknown } }>(
    '/terms/versions/:number',
    route,
    async (request, reply) => {
      const number = readNumber(request.params.number)
      const version = number === null ? null : await terms.version(number)
      if (!version) return missing(request, reply)
      const text = textIn(version, request, reply)
      const path = `/terms/versions/${version.number}`
      const chosen = chosenIn(request.query, text.lang)
      return send(request, reply, [path, stand(version), text.lang, chosen], () => (
        <TermsPage {...{ path, version, text, chosen, upcoming: null, ...around }} />
      ))
    },
  )

  app.get<{ Params: { range: string }; Querystring: { lang?: unknown } }>(
    '/terms/diff/:range',
    route,
    async (request, reply) => {
      const [from, to] = request.params.range.split('..', 3).map(readNumber)
      const two = /^\d+\.\.\d+$/.test(request.params.range)
      if (!two || from == null || to == null) return missing(request, reply)
      if (from > to) return reply.redirect(`/terms/diff/${to}..${from}`, 302)
      const [older, newer] = [await terms.version(from), await terms.version(to)]
      if (!older || !newer) return missing(request, reply)
      const shared = newer.texts.filter(({ lang }) => older.texts.some((one) => one.lang === lang))
      const texts = shared.length > 0 ? shared : newer.texts.slice(0, 1)
      const { lang, text } = textIn({ texts }, request, reply)
      const before = textFor(older, lang)
      const versions = await terms.versions()
      const between = versions.filter(({ number }) => number > from && number <= to)
      const chosen = chosenIn(request.query, lang)
      const key = ['diff', stand(older), stand(newer), lang, chosen, ...between.map(stand)]
      return send(request, reply, key, () => (
        <Difference
          {...{ older, newer, between, texts, lang, chosen, demo }}
          changes={diffTerms(before.text, text, lang)}
        />
      ))
    },
  )

  async function holding() {
    // Reads what is new, where that can be; what is known then is of one moment.
    await terms.current()
    return terms.known()
  }

  function send(
    request: FastifyRequest,
    reply: FastifyReply,
    about: readonly unknown[],
    page: () => VNode,
  ) {
    const key = JSON.stringify(about)
    const html = kept.get(key) ?? renderPage(page(), app.around)
    kept.delete(key)
    kept.set(key, html)
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
    return isUnchanged(request, reply, html) ? reply : sendPage(reply, html)
  }

  function missing(request: Asked, reply: FastifyReply) {
    const said = phrasesFor(textIn(terms.known().current, request, reply).lang)
    return sendPage(
      reply,
      <TermsFrame said={said} title={said.missing} path="/terms/versions" demo={demo}>
        <div class="text">
          <h1>{said.missing}</h1>
          <p>{said.missingLead}</p>
          <p>
            <a href="/terms/versions">{said.allVersions}</a>
          </p>
        </div>
      </TermsFrame>,
      404,
    )
  }
}

/** All of a version that a page shows and that may change. */
function stand({ number, state, endedAt, texts }: Version) {
  return [number, state, endedAt, texts.map(({ hash }) => hash)]
}

function textIn(
  version: Pick<Version, 'texts'>,
  { query, headers }: Asked,
  reply: FastifyReply,
): VersionText {
  reply.header('vary', 'accept-language')
  return textFor(version, query.lang, headers['accept-language'])
}

function TermsPage(props: {
  path: string
  version: Version
  text: VersionText
  chosen: string
  upcoming: Version | null
  demo: boolean
  feedback: boolean
}) {
  const { path, version, text, chosen, upcoming, demo, feedback } = props
  const { number, texts } = version
  const said = phrasesFor(text.lang)
  const { title, contents, html } = renderTerms(text.text, said)
  const binding = texts[0]!
  const parts = contents.filter(({ rank }) => rank === 2)
  return (
    <TermsFrame said={said} title={title || said.title} path={path} demo={demo}>
      <div class="text">
        <h1 lang={text.lang}>{title || said.title}</h1>
        <Standing said={said} version={version} />
        <div class="links">
          <Languages said={said} texts={texts} lang={text.lang} />
          {path !== '/terms' && <a href={`/terms${chosen}`}>{said.current}</a>}
          <a href={`/terms/versions${chosen}`}>{said.allVersions}</a>
        </div>
        {upcoming && <Coming {...{ said, from: number, upcoming, chosen }} />}
        {number > 0 && path !== '/terms' && <Summary said={said} summary={version.summary} />}
        {text !== binding && (
          <p class="hint">{said.translation(nameOf(binding.lang, said.lang))}</p>
        )}
      </div>
      {parts.length > 1 && (
        <nav class="clause-list" aria-labelledby="contents">
          <h2 id="contents">{said.contents}</h2>
          <ol>
            {parts.map((part) => (
              <li lang={text.lang}>
                <a href={`#${encodeURIComponent(part.id)}`}>
                  {part.number && <span class="number">{part.number}</span>}
                  {part.title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <article
        class="text clauses"
        lang={text.lang}
        // Made by `renderTerms`, which lets no HTML of a text through.
        dangerouslySetInnerHTML={{ __html: html }}
      />
      <Proof said={said} number={number} text={text} feedback={feedback} />
    </TermsFrame>
  )
}

/** That another version comes, while this one holds. */
function Coming(props: { said: Phrases; from: number; upcoming: Version; chosen: string }) {
  const { said, from, upcoming, chosen } = props
  const { number, effectiveAt, acceptance } = upcoming
  return (
    <aside class="callout coming">
      <p>
        <strong>
          {said.coming} <Moment said={said} at={effectiveAt!} />
        </strong>{' '}
        {acceptance === 'click' ? said.comingClick : said.comingUse}
      </p>
      <p class="links">
        <a href={`/terms/diff/${from}..${number}${chosen}`}>{said.different}</a>
        <a href={`/terms/versions/${number}${chosen}`}>{said.readIt}</a>
      </p>
    </aside>
  )
}

/** How to tell that it is the text it says it is. */
function Proof(props: { said: Phrases; number: number; text: VersionText; feedback: boolean }) {
  const { said, number, text, feedback } = props
  return (
    <div class="text proof">
      <p class="hint">
        {said.proof} <code>{text.hash}</code>
      </p>
      <p class="links">
        <a href={pathOfText(number, text.lang)}>{said.raw}</a>
        <a href="/terms/manifest.json">{said.list}</a>
        <a href={FEED.path}>{said.feed}</a>
        {feedback && <a href={`/feedback?kind=terms&version=${number}`}>{said.feedback}</a>}
      </p>
    </div>
  )
}

function Versions(props: {
  versions: readonly Version[]
  said: Phrases
  chosen: string
  demo: boolean
}) {
  const { versions, said, chosen, demo } = props
  return (
    <TermsFrame said={said} title={said.allVersions} path="/terms/versions" demo={demo}>
      <div class="text">
        <h1>{said.allVersions}</h1>
        <p class="lead">{said.versionsLead}</p>
        <p class="links">
          <a href={`/terms${chosen}`}>{said.current}</a>
          <a href={FEED.path}>{said.feed}</a>
          <a href="/terms/manifest.json">{said.list}</a>
        </p>
      </div>
      <ol class="versions" reversed start={versions[0]!.number}>
        {versions.map((version, at) => (
          <li class="card">
            <h2>
              <a href={`/terms/versions/${version.number}${chosen}`}>
                {said.version(version.number)}
              </a>
            </h2>
            <Standing said={said} version={version} unnamed />
            <Summary said={said} summary={version.summary} />
            <p class="links">
              {versions[at + 1] && (
                <a href={`/terms/diff/${versions[at + 1]!.number}..${version.number}${chosen}`}>
                  {said.different}
                </a>
              )}
              {version.texts.map(({ lang }) => (
                <a href={pathOfText(version.number, lang)} hreflang={lang}>
                  {said.raw} ({lang})
                </a>
              ))}
            </p>
          </li>
        ))}
      </ol>
    </TermsFrame>
  )
}
