import type { Document } from '../../docs/documents.ts'
import { pathOf, placeOf, SHELF } from '../../docs/shelf.ts'
import { DocsPage } from './frame.tsx'

interface DocumentPageProps {
  name: string
  document: Document
  demo: boolean
}

/** A document as a page. */
export function DocumentPage({ name, document, demo }: DocumentPageProps) {
  const { title, contents, html } = document
  const { group, about } = placeOf(name)
  return (
    <DocsPage {...{ name, title, contents, demo }} description={about}>
      <p class="eyebrow">{group}</p>
      <h1>{title}</h1>
      <div
        class="prose"
        // Made by `documentOf`, which lets no HTML of a document through.
        dangerouslySetInnerHTML={{ __html: html }}
      />
    </DocsPage>
  )
}

/** Where the documentation begins: all documents, and what each is about. */
export function Start({ demo }: { demo: boolean }) {
  return (
    <DocsPage
      title="Documentation"
      description="How to put One Captcha on a page, how to run it, and how it works."
      name=""
      path="/docs"
      demo={demo}
    >
      <h1>Documentation</h1>
      <p class="lead">How to put One Captcha on a page, how to run it, and how it works.</p>
      {SHELF.map(({ title, documents }) => (
        <section class="stand">
          <h2>{title}</h2>
          <ul>
            {documents.map(([name, label, about]) => (
              <li>
                <a href={pathOf(name)}>{label}</a>
                <p class="hint">{about}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </DocsPage>
  )
}

/** For an address that leads to no document. */
export function Missing({ demo }: { demo: boolean }) {
  return (
    <DocsPage
      title="There is no such page"
      description="Nothing is at this address of the documentation."
      name=""
      path="/docs"
      demo={demo}
    >
      <h1>There is no such page</h1>
      <p>
        Nothing is at this address of the documentation. The search may find it, or one of{' '}
        <a href="/docs">all pages</a>.
      </p>
    </DocsPage>
  )
}
