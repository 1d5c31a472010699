import MarkdownIt, { type Env, type Token } from 'markdown-it'

/**
 * What an operator writes is shown to everybody, so Markdown can do no more than words can: no HTML, no pictures (others
 * would be asked for them), and links only where a reader may be led.
 */
const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image')
markdown.validateLink = isLink
const { Token: Made } = new markdown.core.State('', markdown, {})
export const { escapeHtml } = markdown.utils

/** A heading at the top level, and the part of the text that it begins. */
export interface Part {
  /** What addresses lead to it by: its number as it stands, such as `4.2`. No two are the same; '' before all headings. */
  id: string
  /** `4.2`; '' if there is none. */
  number: string
  /** What the heading says beside the number. */
  title: string
  /** From 2 on, as the page's own heading is the first; never two below the one before. */
  rank: number
  /** Its own two or three tokens. */
  heading: Token[]
  /** What stands below it. */
  body: Token[]
  /** The Markdown of what stands below it. */
  source: string
}

export interface Parsed {
  /** What the text calls itself; '' if it does not begin with that. */
  title: string
  parts: Part[]
  /** For `render`. */
  env: Env
}

const NUMBERED = /^(?:§\s*)?(\d{1,4}(?:\.\d{1,4}){0,4})\.?(?:\s+(.*))?$/su
const SLUG_CHARACTERS_MAX = 48

/** Takes a text apart at its headings. */
export function parse(text: string): Parsed {
  const env: Env = {}
  const tokens = markdown.parse(text, env)
  const lines = text.split(/\r\n?|\n/)
  const starts = tokens.flatMap(({ type, level, map }, at) =>
    type === 'heading_open' && level === 0 && map ? [{ at, map }] : [],
  )
  const titled = starts[0]?.at === 0 && tokens[0]!.tag === 'h1'
  const title = titled ? wordsOf(tokens.slice(1, 2)) : ''
  const parts: Part[] = []
  const ids = new Map<string, number>()
  let rank = 1

  const lead = titled ? 3 : 0
  const first = starts[titled ? 1 : 0]
  const leadLine = titled ? starts[0]!.map[1] : 0
  add([], tokens.slice(lead, first?.at), lines.slice(leadLine, first?.map[0]))
  starts.slice(titled ? 1 : 0).forEach(({ at, map }, index, rest) => {
    const next = rest[index + 1]
    const body = tokens.slice(at + 3, next?.at)
    add(tokens.slice(at, at + 3), body, lines.slice(map[1], next?.map[0]))
  })
  return { title, parts, env }

  function add(heading: Token[], body: Token[], source: string[]) {
    const words = wordsOf(heading.slice(1, 2))
    const [, number = '', rest = ''] = NUMBERED.exec(words) ?? []
    const open = heading[0]
    if (!open && body.length === 0) return
    if (open) rank = Math.min(rank + 1, Math.max(2, Number(open.tag.slice(1))))
    parts.push({
      id: open ? unused(number || slugOf(words)) : '',
      number,
      title: number ? rest : words,
      rank: open ? rank : 2,
      heading,
      body,
      source: source.join('\n').trim(),
    })
  }

  function unused(id: string): string {
    const count = (ids.get(id) ?? 0) + 1
    ids.set(id, count)
    return count === 1 ? id : unused(`${id}-${count}`)
  }
}

/** Safe HTML of tokens, as they are or changed. */
export function htmlOf(tokens: Token[], env: Env): string {
  return markdown.renderer.render(tokens, markdown.options, env)
}

/** What stands there in words alone; and where its links lead, as that is part of what is said. */
export function wordsOf(tokens: readonly Token[]): string {
  const said: string[] = []
  const links: { href: string; from: number }[] = []
  walk(tokens)
  return said.join('').trim()

  function walk(list: readonly Token[]) {
    for (const token of list) {
      if (token.type === 'inline') walk(token.children ?? [])
      else say(token)
    }
  }

  function say(token: Token) {
    switch (token.type) {
      case 'text':
      case 'text_special':
      case 'code_inline':
        said.push(token.content)
        break
      case 'softbreak':
        said.push(' ')
        break
      case 'hardbreak':
        said.push('\n')
        break
      case 'fence':
      case 'code_block':
        said.push(token.content)
        end('\n\n')
        break
      case 'hr':
        said.push('———', '\n\n')
        break
      case 'link_open':
        links.push({ href: targetOf(token), from: said.length })
        break
      case 'link_close': {
        const { href, from } = links.pop()!
        if (href.replace(/^mailto:/, '') !== said.slice(from).join('')) said.push(` (${href})`)
        break
      }
      case 'list_item_open':
        said.push(token.info ? `${token.info}. ` : '• ')
        break
      case 'th_close':
      case 'td_close':
        said.push(' | ')
        break
      default:
        if (!token.block || token.nesting >= 0) break
        end(token.hidden || /^(list_item|tr)_/.test(token.type) ? '\n' : '\n\n')
    }
  }

  /** Ends a line, or a paragraph, that has not ended yet. */
  function end(how: '\n' | '\n\n') {
    const last = said.at(-1) ?? '\n\n'
    if (last.endsWith(how)) return
    said.push(last.endsWith('\n') ? '\n' : how)
  }
}

export function targetOf(link: Token): string {
  return String(link.attrGet('href') ?? '')
}

/** A piece of HTML that is ours. The parser makes none of these, as it lets no HTML in. */
export function made(html: string): Token {
  const token = new Made('html_inline', '', 0)
  token.content = html
  return token
}

/** True for http, https, mailto, and for what is here. `//host` and `\` would leave it without saying so. */
function isLink(url: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return /^(https?:\/\/[^/]|mailto:)/i.test(url)
  return !/^[/\\]{2}|^\/?\\/.test(url)
}

/** True if it leads to another place than this server's own pages. */
export function leadsOutside(href: string): boolean {
  return /^https?:/i.test(href)
}

/** An id that no number has and no script of a page would ask for. */
function slugOf(words: string): string {
  const slug = words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, SLUG_CHARACTERS_MAX)
    .replace(/^-|-$/g, '')
  return `s-${slug.toWellFormed()}`
}
