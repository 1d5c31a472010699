import { createHash } from 'node:crypto'
import { Feed } from 'feed'
import { asMarkup } from '../typed-text.ts'
import { momentIn } from './phrases.ts'
import type { Version } from './terms.ts'

/**
 * Versions as an Atom feed.
 *
 * @param versions all that were announced, the newest first
 * @param origin where the reader found us
 */
export function termsFeed(versions: readonly Version[], origin: string, operator: string): string {
  const announced = versions.filter(({ announcedAt }) => announcedAt !== null)
  const feed = new Feed({
    title: 'Terms of Use – One Captcha',
    id: `${origin}/terms/feed.atom`,
    link: `${origin}/terms`,
    feedLinks: { atom: `${origin}/terms/feed.atom` },
    updated: new Date(announced[0]?.announcedAt ?? 0),
    generator: 'One Captcha',
    author: { name: operator || 'One Captcha' },
  })
  announced.forEach((version, at) => {
    const { number, announcedAt, effectiveAt, summary } = version
    const before = announced[at + 1]?.number ?? 0
    const from = momentIn('en', effectiveAt!)
    feed.addItem({
      id: idOf(version),
      // Readers take it for HTML; there is nothing of anybody's in it.
      title: `Version ${number} of the Terms of Use, in force from ${from}`,
      link: `${origin}/terms/versions/${number}`,
      published: new Date(announcedAt!),
      date: new Date(announcedAt!),
      content: [
        ...summary.split(/\n+/).filter(Boolean).map(asMarkup),
        `In force from ${from}.`,
        `<a href="${asMarkup(`${origin}/terms/diff/${before}..${number}`)}">What is different</a>`,
      ]
        .map((line) => `<p>${line}</p>`)
        .join(''),
    })
  })
  return feed.atom1()
}

/** A UUID made of what never changes of a version: the same on every node, at every address, under every key. */
function idOf({ number, announcedAt, texts }: Version): string {
  const print = createHash('sha256')
    .update(`${number}\n${announcedAt}\n${texts.map(({ lang, hash }) => `${lang} ${hash}`)}`)
    .digest('hex')
  const variant = ((Number.parseInt(print[16]!, 16) & 3) | 8).toString(16)
  const parts = [
    print.slice(0, 8),
    print.slice(8, 12),
    `8${print.slice(13, 16)}`,
    `${variant}${print.slice(17, 20)}`,
    print.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}
