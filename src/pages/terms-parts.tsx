import type { ComponentChildren } from 'preact'
import { nameOf } from '../terms/languages.ts'
import { momentIn, type Phrases } from '../terms/phrases.ts'
import type { Version, VersionText } from '../terms/terms.ts'
import { Page } from './page.tsx'

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

/** How a version stands, and since when. */
export function Standing({ said, version }: { said: Phrases; version: Version }) {
  const { state, announcedAt, effectiveAt, endedAt, withdrawnAt } = version
  return (
    <p class="facts-line">
      {state !== 'founding' && state !== 'draft' && <strong>{said.state[state]}</strong>}
      {announcedAt !== null && (
        <span>
          {said.announcedAt} <Moment said={said} at={announcedAt} />
        </span>
      )}
      {effectiveAt !== null && withdrawnAt === null && (
        <span>
          {said.from} <Moment said={said} at={effectiveAt} />
        </span>
      )}
      {endedAt !== null && (
        <span>
          {said.until} <Moment said={said} at={endedAt} />
        </span>
      )}
      {withdrawnAt !== null && (
        <span>
          {said.withdrawnAt} <Moment said={said} at={withdrawnAt} />
        </span>
      )}
    </p>
  )
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
