import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { whyAllowed } from '../licenses/allowed.ts'
import type { Component } from '../licenses/components.ts'
import { browserOnly, type Licences, licences } from '../licenses/list.ts'
import { makeSbom } from '../licenses/sbom.ts'
import { readTexts } from '../licenses/texts.ts'
import { sendCompressed } from '../server/widget.ts'
import { Page } from './page.tsx'
import { standingPage, Words } from './parts.tsx'

const TEXT = 'text/plain; charset=utf-8'
const SBOM = 'application/vnd.cyclonedx+json; version=1.6; charset=utf-8'
/** What is installed does not change while it runs. */
const CACHE = 'public, max-age=3600'

/** What the software is made of: for people, with the texts; for machines; and the terms of its own source. */
export function licensePages(app: FastifyInstance, { demo }: Context) {
  const route = { schema: { hide: true } }
  standingPage(app, '/licenses', () => <LicensesPage all={licences()} demo={demo !== null} />)
  app.get('/licenses.json', route, (_, reply) => {
    const { own, server, browser, source } = licences()
    const plain = (list: readonly Component[]) =>
      list.map(({ name, version, license, purl, homepage }) => ({
        ...{ name, version, license, purl, homepage, text: `/licenses/text/${name}@${version}` },
      }))
    return reply.header('cache-control', CACHE).send({
      own: {
        name: own.name,
        version: own.version,
        license: own.license,
        text: '/licenses/own.txt',
      },
      ...{ server: plain(server), browser: plain(browser), source: plain(source) },
    })
  })

  const server = once(() => makeSbom(licences()))
  const browser = once(() => makeSbom(browserOnly(licences())))
  for (const [path, bom] of [
    ['/sbom.cdx.json', server],
    ['/licenses/sbom.cdx.json', server],
    ['/licenses/browser.cdx.json', browser],
  ] as const) {
    app.get(path, route, async (request, reply) => {
      reply.type(SBOM).header('cache-control', CACHE)
      return sendCompressed(request, reply, await bom())
    })
  }

  const texts = (path: string, read: () => Promise<string>) =>
    app.get(path, route, async (_, reply) =>
      reply
        .type(TEXT)
        .header('cache-control', CACHE)
        .send(await read()),
    )
  texts('/licenses/own.txt', () => readTexts(licences().own.texts))
  texts('/licenses/browser.txt', async () => {
    const { own, browser } = licences()
    const parts = [own, ...browser].map(async ({ name, version, texts }) =>
      [`${name} ${version}`, await readTexts(texts)].join('\n\n'),
    )
    return (await Promise.all(parts)).join(`\n${'='.repeat(78)}\n\n`)
  })
  app.get<{ Params: { '*': string } }>('/licenses/text/*', route, async (request, reply) => {
    const { server, source } = licences()
    // Looked up by its name: nothing of the address becomes a path.
    const asked = request.params['*']
    const one = [...server, ...source].find(({ name, version }) => `${name}@${version}` === asked)
    if (!one) throw new BadRequest('not-found', 'There is no such component.')
    reply.type(TEXT).header('cache-control', CACHE)
    return reply.send(await readTexts(one.texts))
  })
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Made and compressed when it is first asked for. */
function once(make: () => Promise<string>) {
  let made: Promise<{ body: Buffer; br: Buffer; gzip: Buffer }> | undefined
  return () => {
    made ??= make().then(async (text) => {
      const body = Buffer.from(text)
      return { body, br: await brotli(body), gzip: await zip(body) }
    })
    made.catch(() => {
      made = undefined
    })
    return made
  }
}

function LicensesPage({ all, demo }: { all: Licences; demo: boolean }) {
  const { own, server, browser, source } = all
  return (
    <Page
      title="Licences – One Captcha"
      description="What One Captcha is made of, and under which licences."
      path="/licenses"
      demo={demo}
    >
      <div class="text long">
        <h1>Licences</h1>
        <p class="lead">
          One Captcha is free software, {own.license}, and stands on the work of many others. Here
          is all of it, as it is installed on this server, with every text.
        </p>
        <section aria-labelledby="own">
          <h2 id="own">Our own</h2>
          <p>
            One Captcha {own.version}: <a href="/licenses/own.txt">{own.license}</a>. The pictures
            of its puzzles are painted anew by its own code, and its icons are drawn by it: no
            picture and no font of anybody else’s is part of it. A site’s operator may have pictures
            made from photographs of their own.
          </p>
          <p>
            What is listed here follows from the lockfile of the software, and a test fails if
            something is installed that is not on it, has no text, or has a licence that is not
            among those we allow. For machines:{' '}
            <Words text="[licenses.json](/licenses.json), and as CycloneDX [for the server](/sbom.cdx.json) and [for browsers](/licenses/browser.cdx.json)." />
          </p>
        </section>
        <section aria-labelledby="browser">
          <h2 id="browser">In browsers</h2>
          <p>
            The widget that visitors load is made of our own source alone (
            <a href="/licenses/browser.txt">all texts in one</a>). The console loads this beside it:
          </p>
          <Components list={browser} />
        </section>
        <section aria-labelledby="source">
          <h2 id="source">In our source</h2>
          <p>The list of passwords that anybody would try first is from here:</p>
          <Components list={source} />
        </section>
        <section aria-labelledby="server">
          <h2 id="server">On the server</h2>
          <p>
            {server.length} components. Each is used unchanged, under its own licence, and comes
            without any warranty of its authors.
          </p>
          <Components list={server} />
        </section>
      </div>
    </Page>
  )
}

function Components({ list }: { list: readonly Component[] }) {
  return (
    <ul class="made-of">
      {list.map(({ name, version, license }) => (
        <li>
          <a href={`/licenses/text/${name}@${version}`}>{name}</a>{' '}
          <span class="hint">
            {version}, {license}
            {whyAllowed(name, license) && `. ${whyAllowed(name, license)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
