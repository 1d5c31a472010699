import { Feed } from 'feed'
import type { LetterPlace } from '../notices/notice.ts'
import type { Statement } from '../store/store.ts'
import { asMarkup, paragraphs } from '../typed-text.ts'

/** What was made public, as an Atom feed. */
export function breachesFeed(statements: readonly Statement[], place: LetterPlace): string {
  const { publicUrl, host, operator } = place
  const feed = new Feed({
    title: `Breaches – One Captcha at ${host}`,
    description: 'What was made public about data that was lost, changed or seen.',
    id: `${publicUrl}/breaches`,
    link: `${publicUrl}/breaches`,
    feedLinks: { atom: `${publicUrl}/breaches.atom` },
    updated: new Date(statements[0]?.at ?? 0),
    generator: 'One Captcha',
    copyright: operator,
    author: { name: operator || host },
  })
  for (const statement of statements) {
    feed.addItem({
      id: publicUrl + pathOf(statement),
      link: publicUrl + pathOf(statement),
      // Readers take it for HTML.
      title: asMarkup(statement.title),
      date: new Date(statement.at),
      published: new Date(statement.at),
      content: paragraphs(statement.text)
        .map((one) => `<p>${asMarkup(one)}</p>`)
        .join(''),
    })
  }
  return feed.atom1()
}

/** The same, for programs. */
export function recordOf(statements: readonly Statement[], { publicUrl }: LetterPlace): object {
  return {
    statements: statements.map((statement) => ({
      ...{ breach: statement.breachId, number: statement.number, title: statement.title },
      ...{ text: statement.text, at: new Date(statement.at).toISOString() },
      ...{ sha256: statement.hash, url: publicUrl + pathOf(statement) },
    })),
  }
}

/** Where a statement stands: it stays the same for good. */
function pathOf({ breachId, number }: Statement): string {
  return `/breaches#${breachId}-${number}`
}
