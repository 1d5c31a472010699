import type { Token } from 'markdown-it'
import { readDocument } from './files.ts'
import { dress, type Heading, htmlOf, wordsOf } from './markdown.ts'

/** A part of a page: what stands under one heading, in words. */
export interface Section {
  /** Leads to it within the page; '' for what stands above all headings. */
  id: string
  heading: string
  text: string
  code: string
}

/** A document of `docs/`, ready to be shown. */
export interface Document {
  title: string
  contents: readonly Heading[]
  html: string
}

/** Reads a document and makes its page. */
export function documentOf(name: string): Document {
  const { title, body, env } = read(name)
  return { title, contents: headingsOf(body), html: htmlOf(body, env) }
}

/** Reads a document for the search. */
export function sectionsOf(name: string): { title: string; sections: Section[] } {
  const { title, body } = read(name)
  return { title, sections: sectionsIn(body) }
}

function read(name: string) {
  const { tokens, env } = dress(readDocument(name))
  const titled = tokens[0]?.tag === 'h1'
  return {
    title: titled ? wordsOf(tokens.slice(1, 2)) : name,
    body: titled ? tokens.slice(3) : tokens,
    env,
  }
}

/** Of the two upper ranks: what is deeper would only make the list long. */
function headingsOf(tokens: readonly Token[]): Heading[] {
  return tokens.flatMap((token, at) => {
    const rank = Number(token.tag.slice(1))
    if (token.type !== 'heading_open' || rank > 3) return []
    return { id: String(token.attrGet('id')), title: wordsOf([tokens[at + 1]!]), rank }
  })
}

function sectionsIn(tokens: readonly Token[]): Section[] {
  const sections: Section[] = [{ id: '', heading: '', text: '', code: '' }]
  for (const [at, token] of tokens.entries()) {
    const last = sections.at(-1)!
    if (token.type === 'heading_open') {
      const heading = wordsOf([tokens[at + 1]!])
      sections.push({ id: String(token.attrGet('id')), heading, text: '', code: '' })
    }
    if (token.type === 'fence') last.code += `${token.content}\n`
    if (token.type === 'inline' && tokens[at - 1]?.type !== 'heading_open')
      last.text += `${last.text && ' '}${wordsOf([token])}`
  }
  return sections
}
