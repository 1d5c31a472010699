import type { Hit } from '../../docs/search.ts'
import { DocsPage } from './frame.tsx'

interface FoundProps {
  question: string
  /** Null before anything was asked. */
  hits: readonly Hit[] | null
  demo: boolean
}

/** What the search found. */
export function Found({ question, hits, demo }: FoundProps) {
  return (
    <DocsPage
      title={question === '' ? 'Search' : `Search: ${question}`}
      description="Search the documentation."
      name=""
      path="/docs/search"
      demo={demo}
      question={question}
    >
      <h1>Search</h1>
      <div id="found">
        <p class="hint" role="status">
          {said(hits)}
        </p>
        {hits && hits.length > 0 && (
          <ol class="hits">
            {hits.map((hit) => (
              <li>
                <a href={hit.href}>
                  {hit.heading === '' ? hit.page : hit.heading}{' '}
                  {hit.heading !== '' && <span class="hint">{hit.page}</span>}
                </a>
                <p>
                  {hit.snippet.map(({ text, marked }) => (marked ? <mark>{text}</mark> : text))}
                </p>
              </li>
            ))}
          </ol>
        )}
        {hits?.length === 0 && (
          <p>
            Try fewer words, or others; or look through <a href="/docs">all pages</a>.
          </p>
        )}
      </div>
    </DocsPage>
  )
}

function said(hits: FoundProps['hits']): string {
  if (!hits)
    return 'Words, the name of a setting, a code. This service writes down nowhere what is asked.'
  if (hits.length === 0) return 'Nothing was found.'
  return hits.length === 1 ? 'One part was found.' : `${hits.length} parts were found.`
}
