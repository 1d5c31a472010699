import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'

const ROOT = join(import.meta.dirname, '../..')

/** A fenced block of a document. */
export interface Block {
  /** The document, from the root of the sources. */
  file: string
  /** The line of its fence. */
  line: number
  /** The first word after the fence; '' where there is none. */
  language: string
  /** What else stands there: what the block is, for those who run it. Readers do not see it. */
  about: string
  text: string
}

/** Every document for those who embed and run the service, from the root of the sources. */
export function documents(): string[] {
  return ['*.md', 'docs/**/*.md', 'sdk/*.md', 'examples/**/*.md']
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((file) => !file.includes('node_modules'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

/** All blocks of a document, also within lists, in their order. */
export function blocksOf(file: string): Block[] {
  return new MarkdownIt({ html: true })
    .parse(textOf(file), {})
    .filter(({ type }) => type === 'fence' || type === 'code_block')
    .map(({ info, content, map }) => {
      const [language = '', ...about] = info.trim().split(/\s+/)
      return { file, line: map![0] + 1, language, about: about.join(' '), text: content.trimEnd() }
    })
}

export function placeOf({ file, line }: Block): string {
  return `${file}:${line}`
}
