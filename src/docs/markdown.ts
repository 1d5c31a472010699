import { posix } from 'node:path'
import MarkdownIt, { type Env, type Token } from 'markdown-it'
import { FILES, sizeOfPicture } from './files.ts'
import { highlight } from './highlight.ts'
import { labelOf, pathOf } from './shelf.ts'

const markdown = new MarkdownIt({ html: false })
const { escapeHtml } = markdown.utils
const { Token: Made } = new markdown.core.State('', markdown, {})

const OUTSIDE = '<span class="unseen"> (leads to another site)</span>'
/** How the documents write pictures that have a dark twin, or a width: the one HTML that is in them. */
const PICTURE =
  /(?:<picture>\s*<source [^>]*>\s*)?<img src="(images\/[\w.-]+)" alt="([^"]*)"(?: width="(\d+)")?>(?:\s*<\/picture>)?/g

/** Code of a line's text that need never be broken. */
const WHOLE_CHARACTERS_MAX = 16

/** A heading's own address, as forges give it: documents are read there too, and link to each other by these. */
export interface Heading {
  id: string
  title: string
  rank: number
}

/** The Markdown of a document as tokens that can be shown on its page. */
export interface Dressed {
  tokens: Token[]
  env: Env
}

/** Takes a document apart, and makes of it what a page can show: addresses, links within the site, pictures, tables. */
export function dress(source: string): Dressed {
  const env: Env = {}
  const text = source.replace(PICTURE, (_, file, alt, width) => {
    return `![${alt}](${file}${width ? ` "${width}"` : ''})`
  })
  const tokens = markdown.parse(text, env)
  const taken = new Map<string, number>()
  let under = ''
  for (const [at, token] of tokens.entries()) {
    if (token.children) token.children = token.children.flatMap(dressInline)
    if (token.type === 'heading_open') {
      under = wordsOf([tokens[at + 1]!])
      token.attrSet('id', unused(slugOf(under), taken))
    }
    if (token.type === 'table_open') token.meta = { under }
  }
  nameCells(tokens)
  resolveLinks(tokens)
  return { tokens, env }
}

/** Safe HTML: no HTML of the document itself is in it. */
export function htmlOf(tokens: Token[], env: Env): string {
  return markdown.renderer.render(tokens, markdown.options, env)
}

/** What is said, in words alone. */
export function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.children && token.type !== 'image') return `${wordsOf(token.children)} `
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' '
      return ['text', 'text_special', 'code_inline'].includes(token.type) ? token.content : ''
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}

/** What follows a heading's `#` at the forges: letters, digits, hyphens and underscores of its words. */
function slugOf(words: string): string {
  return words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-')
}

function unused(slug: string, taken: Map<string, number>): string {
  const before = taken.get(slug) ?? 0
  taken.set(slug, before + 1)
  return before === 0 ? slug : `${slug}-${before}`
}

/** A document that is named in passing becomes a link to it, by its name on the shelf. */
function dressInline(token: Token): Token | Token[] {
  if (token.type !== 'code_inline') return token
  const [, name, hash = ''] = /^(?:docs\/)?([a-z-]+)\.md(#[\w-]+)?$/.exec(token.content) ?? []
  const label = name && labelOf(name)
  if (!label) return token
  const open = new Made('link_open', 'a', 1)
  open.attrSet('href', `${name}.md${hash}`)
  const text = new Made('text', '', 0)
  text.content = label
  return [open, text, new Made('link_close', 'a', -1)]
}

/** Links lead to pages of the site, to others and say so, or nowhere: what only the repository has is named, not linked. */
function resolveLinks(tokens: readonly Token[]) {
  for (const { children } of tokens) {
    if (!children) continue
    let outside = false
    let dropped = false
    for (const [at, token] of children.entries()) {
      if (token.type === 'link_open') {
        const href = targetOf(String(token.attrGet('href')))
        outside = /^https?:/.test(href ?? '')
        dropped = href === null
        if (href !== null) token.attrSet('href', href)
        if (outside) {
          token.attrSet('rel', 'noopener noreferrer external')
          token.attrSet('class', 'outside')
        }
        if (dropped) children[at] = made('')
      } else if (token.type === 'link_close') {
        if (outside) children[at] = made(`${OUTSIDE}</a>`)
        if (dropped) children[at] = made('')
      }
    }
  }
}

/** Where a link of a document leads on the site; null for a file that only the repository has. */
function targetOf(href: string): string | null {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href
  const [path = '', hash] = href.split('#')
  const name = posix.normalize(path)
  if (name.endsWith('.md') && labelOf(name.slice(0, -'.md'.length)))
    return pathOf(name.slice(0, -'.md'.length)) + (hash ? `#${hash}` : '')
  return FILES.has(name) ? pathOf(name) : null
}

/**
 * A cell without words is no column's name. Where it is above the first column, that column names the rows. The page's
 * policy forbids styles: how a column stands becomes a class.
 */
function nameCells(tokens: readonly Token[]) {
  let column = 0
  let named = false
  for (const [at, cell] of tokens.entries()) {
    if (cell.type === 'tr_open') column = 0
    if (cell.type !== 'th_open' && cell.type !== 'td_open') continue
    const empty = tokens[at + 1]!.content === ''
    if (cell.type === 'th_open' && column === 0) named = empty
    const head = cell.type === 'th_open' ? !empty : named && column === 0 && !empty
    cell.tag = tokens[at + 2]!.tag = head ? 'th' : 'td'
    const end = String(cell.attrGet('style') ?? '').includes('right')
    cell.attrs = [
      ...(head ? [['scope', cell.type === 'th_open' ? 'col' : 'row'] as [string, string]] : []),
      ...(end ? [['class', 'end'] as [string, string]] : []),
    ]
    column += 1
  }
}

function made(html: string): Token {
  const token = new Made('html_inline', '', 0)
  token.content = html
  return token
}

const { rules } = markdown.renderer

rules.heading_close = (tokens, at) => {
  const open = tokens[at - 2]!
  const name = escapeHtml(`Link to “${wordsOf([tokens[at - 1]!])}”`)
  const id = escapeHtml(encodeURIComponent(String(open.attrGet('id'))))
  return ` <a class="anchor" href="#${id}" aria-label="${name}">#</a></${open.tag}>\n`
}

// A table that is wider than its column scrolls by itself; without a mouse one gets there by the keyboard.
rules.table_open = (tokens, at) => {
  const name = escapeHtml(`Table: ${tokens[at]!.meta?.under}`)
  return `<div class="table" role="group" tabindex="0" aria-label="${name}"><table>\n`
}
rules.table_close = () => '</table></div>\n'

// Long names may break where a reader would break them.
rules.code_inline = (tokens, at) => {
  const { content } = tokens[at]!
  const html = escapeHtml(content)
  const long = content.length > WHOLE_CHARACTERS_MAX
  return `<code>${long ? html.replace(/(?<=[_/.:,=?-])(?=[\w$])/g, '<wbr>') : html}</code>`
}

/** What follows the language is for those who run the example. */
rules.fence = (tokens, at) => {
  const { content, info } = tokens[at]!
  const html = highlight(content, info.split(' ', 1)[0]!) ?? escapeHtml(content)
  return `<div class="example"><pre><code>${html}</code></pre></div>\n`
}

rules.image = (tokens, at) => {
  const image = tokens[at]!
  const path = String(image.attrGet('src'))
  const file = FILES.get(path)
  if (!file) throw new Error(`There is no picture ${path}.`)
  const natural = sizeOfPicture(file)
  const width = Number(image.attrGet('title') ?? natural.width)
  const height = Math.round((natural.height * width) / natural.width)
  const size = `width="${width}" height="${height}"`
  const img = `<img src="${pathOf(path)}" alt="${escapeHtml(image.content)}" ${size} loading="lazy" decoding="async">`
  const dark = path.replace(/-light\.png$/, '-dark.png')
  if (dark === path || !FILES.has(dark)) return img
  return `<picture><source media="(prefers-color-scheme: dark)" srcset="${pathOf(dark)}" ${size}>${img}</picture>`
}
