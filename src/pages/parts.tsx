import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentChildren, VNode } from 'preact'
import type { Context } from '../context.ts'
import { isUnchanged } from '../server/unchanged.ts'
import { sendCompressed } from '../server/widget.ts'
import { asPage, renderPage } from './page.tsx'
import { AS } from './table-roles.ts'

/** Serves a page that is the same for all, as long as the service runs: it is made when it is first asked for. */
export function standingPage(app: FastifyInstance, path: string, make: () => VNode) {
  let page: Standing | undefined
  app.get(path, { schema: { hide: true } }, (request, reply) => {
    page ??= standing(renderPage(make(), app.around))
    return sendStanding(request, reply, page)
  })
}

/** A page that was made, in every form that a browser takes. */
export interface Standing {
  html: string
  body: Buffer
  br: Buffer
  gzip: Buffer
}

/** Packs a page once. The best that Brotli can do would keep everybody else waiting. */
export function standing(html: string): Standing {
  const body = Buffer.from(html)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 }
  return { html, body, br: brotliCompressSync(body, { params }), gzip: gzipSync(body) }
}

/** Sends a page that was made, unless it is there already. */
export function sendStanding(request: FastifyRequest, reply: FastifyReply, page: Standing) {
  if (isUnchanged(request, reply, page.html)) return reply
  return sendCompressed(request, asPage(reply), page)
}

interface Column<Row> {
  title: string
  cell: (row: Row) => ComponentChildren
  /** A share of the width, such as `wide`. */
  class?: string
}

/** A table of words; on a phone each row is a block of its own, with the columns' titles in it. */
export function Listing<Row>({
  caption,
  columns,
  rows,
}: {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
}) {
  return (
    <table class="listing" {...AS.table}>
      <caption class="unseen">{caption}</caption>
      <thead {...AS.group}>
        <tr {...AS.row}>
          {columns.map(({ title, class: name }) => (
            <th scope="col" class={name} {...AS.head}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...AS.group}>
        {rows.map((row) => (
          <tr {...AS.row}>
            {columns.map(({ title, cell }) => (
              <td data-title={title} {...AS.cell}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const MARKS = /`([^`]+)`|\[([^\]]+)\]\((\/(?![/\\])[^)\s]*)\)/g

interface WordsProps {
  text: string
  /** Pages that this service has not: what would lead there is words alone. */
  without?: readonly string[]
}

/** The pages that an operator has left out. */
export function leftOut({ demo, config }: Pick<Context, 'demo' | 'config'>): string[] {
  return [
    ...(demo === null ? ['/demo'] : []),
    ...(config.console ? [] : ['/console/account']),
    ...(config.feedback ? [] : ['/feedback']),
    ...(config.securityContact ? [] : ['/.well-known/security.txt']),
  ]
}

/** A sentence in which `code` and [links](/to/our/pages) are marked. */
export function Words({ text, without = [] }: WordsProps) {
  const parts: ComponentChildren[] = []
  let end = 0
  for (const { 0: mark, 1: code, 2: words, 3: path, index } of text.matchAll(MARKS)) {
    const linked = without.includes(path!) ? words : <a href={path}>{words}</a>
    parts.push(text.slice(end, index), code ? <code>{code}</code> : linked)
    end = index + mark.length
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  )
}
