import type { ComponentChildren } from 'preact'
import { nameOf } from '../terms/languages.ts'
import { momentIn, type Phrases } from '../terms/phrases.ts'
import type { Version, VersionText } from '../terms/terms.ts'
import { Page } from './page.tsx'

/** Whoever has chosen a language goes on in it. */
export function chosenIn(query: { lang?: unknown }, lang: string): string {
  const chosen = typeof query.lang === 'string' && query.lang.toLowerCase() === lang.toLowerCase()
  return chosen ? `?lang=${encodeURIComponent(lang)}` : ''
}

export const FEED = { path: '/terms/feed.atom', title: 'Terms of Use' }

interface FrameProps {
  said: Phrases
  title: string
  path: string
  demo: boolean
  children: ComponentChildren
}

/** A page about the Terms, in the language of the text. */
export function TermsFrame({ said, title, path, demo, children }: FrameProps) {
  return (
    <Page
      title={`${title} – One Captcha`}
      description={said.description}
      path={path}
      demo={demo}
      lang={said.lang}
      feed={FEED}
    >
      {children}
    </Page>
  )
}

export function Moment({ said, at }: { said: Phrases; at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{momentIn(said.lang, at)}</time>
}

/** Which version it is, how it stands, and since when. */
export function Standing(props: { said: Phrases; version: Version; unnamed?: boolean }) {
  const { said, version, unnamed } = props
  const { number, state, announcedAt } = version
  return (
    <p class="facts-line">
      {!unnamed && <strong>{said.version(number)}</strong>}
      {state === 'founding' && <span>{said.founding}</span>}
      <span>
        {momentsOf(said, version).map(([word, at]) => (
          <>
            {word} <Moment said={said} at={at} />{' '}
          </>
        ))}
      </span>
      {announcedAt !== null && (
        <span>
          {said.announced} <Moment said={said} at={announcedAt} />
        </span>
      )}
    </p>
  )
}

/** The moments that matter of a version now. */
function momentsOf(said: Phrases, version: Version): (readonly [word: string, at: number])[] {
  const { state, effectiveAt, endedAt, withdrawnAt } = version
  if (withdrawnAt !== null) return [[said.withdrawn, withdrawnAt]]
  if (state === 'announced') return [[said.from, effectiveAt!]]
  if (state === 'in-force') return [[said.since, effectiveAt!]]
  if (endedAt === null) return []
  if (effectiveAt === null) return [[said.ended, endedAt]]
  return [
    [said.was, effectiveAt],
    [said.until, endedAt],
  ]
}

/** The same in other languages. */
export function Languages(props: {
  said: Phrases
  texts: readonly Pick<VersionText, 'lang'>[]
  lang: string
}) {
  const { said, texts, lang } = props
  if (texts.length < 2) return null
  return (
    <nav aria-label={said.languages} class="links">
      {texts.map((text) => (
        <a
          href={`?lang=${encodeURIComponent(text.lang)}`}
          lang={text.lang}
          hreflang={text.lang}
          aria-current={text.lang === lang ? 'true' : undefined}
        >
          {nameOf(text.lang)}
        </a>
      ))}
    </nav>
  )
}

/** What the operator wrote, as it was typed. */
export function Summary({ said, summary }: { said: Phrases; summary: string }) {
  if (summary === '') return null
  return (
    <div class="summary-of">
      <p class="hint">{said.summary}</p>
      <p class="lines">{summary}</p>
    </div>
  )
}
