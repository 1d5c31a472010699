import type { ComponentChildren } from 'preact'
import type { Heading } from '../../docs/markdown.ts'
import { QUESTION_CHARACTERS_MAX } from '../../docs/search.ts'
import { pathOf, placeOf, SHELF } from '../../docs/shelf.ts'
import { type Asset, scriptAsset, styleAsset } from '../assets.ts'
import { Page } from '../page.tsx'

const HERE = import.meta.url
const style = styleAsset('docs', [new URL('docs.css', HERE)])
const script = scriptAsset('docs', new URL('client/docs.ts', HERE))
/** Makes calls of the API, where those are. */
export const TRY = scriptAsset('try', new URL('client/try.ts', HERE))

/** What the pages of the documentation load. */
export const ASSETS = [style, script, TRY]

interface DocsPageProps {
  title: string
  description: string
  /** The document's name on the shelf; '' for a page that is not on it. */
  name: string
  /** Where the page is, if not at its document's address. */
  path?: string
  demo: boolean
  contents?: readonly Heading[]
  /** What was searched for. */
  question?: string
  scripts?: readonly Asset[]
  children: ComponentChildren
}

/** The frame of every page of the documentation: the shelf beside it, what is on the page, and where to go on. */
export function DocsPage(props: DocsPageProps) {
  const { title, description, name, path = pathOf(name), demo, contents = [], children } = props
  return (
    <Page
      title={`${title} – One Captcha`}
      {...{ description, path, demo }}
      sort={{ name: 'docs', style, scripts: [script, ...(props.scripts ?? [])] }}
      beside={<Side name={name} question={props.question ?? ''} />}
    >
      <div class="document">
        {contents.length > 1 && <Contents headings={contents} />}
        <article>{children}</article>
        {name !== '' && <Neighbours name={name} />}
      </div>
    </Page>
  )
}

/** The question, and all pages: beside the text, or folded away above it where there is no room. */
function Side({ name, question }: { name: string; question: string }) {
  return (
    <div class="side">
      <search>
        <form action="/docs/search" method="get" class="ask">
          <label class="unseen" for="q">
            Search the documentation
          </label>
          <input
            id="q"
            name="q"
            type="search"
            value={question}
            maxLength={QUESTION_CHARACTERS_MAX}
            placeholder="Search"
            autocomplete="off"
          />
          <button type="submit" class="quiet">
            Search
          </button>
        </form>
      </search>
      <details class="fold">
        <summary>All pages</summary>
        <nav aria-label="Documentation" class="shelf">
          {SHELF.map(({ title, documents }) => (
            <section>
              <h2>{title}</h2>
              <ul>
                {documents.map(([one, label]) => (
                  <li>
                    <a href={pathOf(one)} aria-current={one === name ? 'page' : undefined}>
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
      </details>
    </div>
  )
}

function Contents({ headings }: { headings: readonly Heading[] }) {
  return (
    <details class="fold contents-of">
      <summary>On this page</summary>
      <nav aria-label="On this page">
        <ul>
          {headings.map(({ id, title, rank }) => (
            <li class={rank > 2 ? 'deeper' : undefined}>
              <a href={`#${encodeURIComponent(id)}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
    </details>
  )
}

function Neighbours({ name }: { name: string }) {
  const { before, after } = placeOf(name)
  return (
    <nav aria-label="Before and after" class="neighbours">
      {before && (
        <a href={pathOf(before.name)} rel="prev">
          <span class="hint">Before</span> {before.label}
        </a>
      )}
      {after && (
        <a href={pathOf(after.name)} rel="next" class="after">
          <span class="hint">Next</span> {after.label}
        </a>
      )}
    </nav>
  )
}
