import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { Context } from '../../context.ts'
import { documentOf, sectionsOf } from '../../docs/documents.ts'
import { FILES } from '../../docs/files.ts'
import { type OpenApi, type Operation, operationsIn } from '../../docs/openapi.ts'
import { type Entry, QUESTION_CHARACTERS_MAX, type Search, searchIn } from '../../docs/search.ts'
import { API, labelOf, NAMES, pathOf } from '../../docs/shelf.ts'
import { TOPICS } from '../../docs/topics.ts'
import { isUnchanged } from '../../server/unchanged.ts'
import { assets } from '../assets.ts'
import { renderPage, sendPage } from '../page.tsx'
import { type Standing, sendStanding, standing } from '../parts.tsx'
import { Api, pathOfTopic, TopicPage } from './api.tsx'
import { DocumentPage, Missing, Start } from './document.tsx'
import { Found } from './found.tsx'
import { ASSETS } from './frame.tsx'

/** In the examples, where the service was not told its own address. */
const EXAMPLE = 'https://captcha.example.org'

/** The documentation: the files of `docs/` as pages, each made when it is first asked for, and a search in them. */
export function docs(app: FastifyInstance, context: Context) {
  const route = { schema: { hide: true } }
  const demo = context.demo !== null
  const made = new Map<string, Standing>()
  let search: Promise<Search> | undefined
  assets(app, ASSETS)

  app.get('/docs', route, (request, reply) => send(request, reply, '', () => <Start demo={demo} />))

  app.get<{ Querystring: { q?: unknown } }>('/docs/search', route, async (request, reply) => {
    const { q } = request.query
    const question = typeof q === 'string' ? q.trim().slice(0, QUESTION_CHARACTERS_MAX) : ''
    search ??= readAll(operations())
    const hits = question === '' ? null : (await search)(question)
    return sendPage(reply, <Found {...{ question, hits, demo }} />)
  })

  const operations = () => operationsIn(app.swagger() as unknown as OpenApi)

  app.get('/docs/api', route, (request, reply) =>
    send(request, reply, API, () => (
      <Api operations={operations()} origin={context.config.publicUrl ?? EXAMPLE} demo={demo} />
    )),
  )

  app.get<{ Params: { tag: string } }>('/docs/api/:tag', route, (request, reply) => {
    const topic = TOPICS.find(({ tag }) => tag === request.params.tag)
    if (!topic) return sendPage(reply, <Missing demo={demo} />, 404)
    const calls = operations().filter(({ tag }) => tag === topic.tag)
    return send(request, reply, pathOfTopic(topic.tag), () => (
      <TopicPage {...{ topic, demo }} operations={calls} />
    ))
  })

  app.get<{ Params: { name: string } }>('/docs/:name', route, (request, reply) => {
    const { name } = request.params
    if (labelOf(name))
      return send(request, reply, name, () => (
        <DocumentPage name={name} document={documentOf(name)} demo={demo} />
      ))
    const written = name.replace(/\.md$/, '')
    if (written !== name && labelOf(written)) return reply.redirect(pathOf(written), 301)
    return FILES.has(name)
      ? sendFile(request, reply, name)
      : sendPage(reply, <Missing demo={demo} />, 404)
  })

  app.get<{ Params: { name: string } }>('/docs/images/:name', route, (request, reply) => {
    const path = `images/${request.params.name}`
    return FILES.has(path)
      ? sendFile(request, reply, path)
      : sendPage(reply, <Missing demo={demo} />, 404)
  })

  /** Makes a page once, and sends it. @param name its own: an address can be written in as many ways as somebody likes */
  function send(request: FastifyRequest, reply: FastifyReply, name: string, make: () => VNode) {
    const page = made.get(name) ?? standing(renderPage(make(), app.around))
    made.set(name, page)
    return sendStanding(request, reply, page)
  }
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, path: string) {
  const { url, type } = FILES.get(path)!
  const bytes = await readFile(url)
  return isUnchanged(request, reply, bytes) ? reply : reply.type(type).send(bytes)
}

/** Reads every section of every document, one document at a time: others are served meanwhile. */
async function readAll(operations: readonly Operation[]): Promise<Search> {
  const entries: Entry[] = operations.map((one) => ({
    path: pathOfTopic(one.tag),
    page: 'The API',
    id: one.id,
    heading: one.summary,
    text: `${one.method} ${one.path}. ${one.description}`,
    code: '',
  }))
  for (const name of NAMES) {
    const { title, sections } = sectionsOf(name)
    entries.push(...sections.map((section) => ({ ...section, path: pathOf(name), page: title })))
    await setImmediate()
  }
  return searchIn(entries)
}
