import type { Token } from 'markdown-it'
import { escapeHtml, htmlOf, leadsOutside, made, type Part, parse, targetOf } from './markdown.ts'

/** The Terms as a page shows them. */
export interface Rendered {
  /** What the text calls itself; '' if it does not say. */
  title: string
  contents: readonly { id: string; number: string; title: string; rank: number }[]
  /** Safe: whatever the text is, no script comes of it. */
  html: string
}

/** What a page says about the text, in the text's language. */
export interface Labels {
  /** A link to where the reader is; for headings without a number. */
  here: string
  /** That a link leads to others. */
  outside: string
}

/** Makes HTML of a text: every part has an address, and links to others say so. */
export function renderTerms(text: string, labels: Labels): Rendered {
  const { title, parts, env } = parse(text)
  const html = parts
    .map((part) => {
      for (const tokens of [part.heading, part.body]) markLinks(tokens, labels)
      giveAddress(part, labels)
      tame(part)
      return htmlOf([...part.heading, ...part.body], env)
    })
    .join('')
  const contents = parts
    .filter(({ id }) => id !== '')
    .map(({ id, number, title, rank }) => ({ id, number, title, rank }))
  return { title, contents, html }
}

/** The number, or a mark behind the words, leads to the heading itself. */
function giveAddress({ id, number, rank, heading }: Part, labels: Labels) {
  const [open, inline, close] = heading
  if (!open || !inline || !close) return
  open.attrSet('id', id)
  open.tag = close.tag = `h${rank}`
  const href = escapeHtml(`#${encodeURIComponent(id)}`)
  const first = inline.children?.[0]
  const numbered =
    first?.type === 'text' && number !== '' && /^(?:§\s*)?[\d.]+\s*/.exec(first.content)
  if (numbered) {
    first.content = first.content.slice(numbered[0].length)
    inline.children!.unshift(made(`<a class="anchor" href="${href}">${escapeHtml(number)}</a> `))
  } else {
    const name = escapeHtml(labels.here)
    inline.children!.push(made(` <a class="anchor" href="${href}" aria-label="${name}">#</a>`))
  }
}

/** What a page of ours has no place for: headings above those of the text, and styles, which its policy forbids. */
function tame({ rank, body }: Part) {
  for (const token of body) {
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(6, rank + 1)}`
    if (token.type === 'th_open' || token.type === 'td_open') token.attrs = null
  }
}

function markLinks(tokens: readonly Token[], labels: Labels) {
  for (const { children } of tokens) {
    if (!children) continue
    const open: Token[] = []
    for (let at = 0; at < children.length; at++) {
      const token = children[at]!
      if (token.type === 'link_open') open.push(token)
      if (token.type !== 'link_close') continue
      const link = open.pop()!
      if (!leadsOutside(targetOf(link))) continue
      link.attrSet('rel', 'noopener noreferrer external')
      link.attrSet('class', 'outside')
      children.splice(at++, 0, made(`<span class="unseen"> ${escapeHtml(labels.outside)}</span>`))
    }
  }
}
