import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { type Block, type NoticeSection, privacyNotice } from '../privacy/notice.ts'
import { recordCsv, recordOfProcessing } from '../privacy/record.ts'
import { privacyText } from '../privacy/text.ts'
import { basisWords, FORMS, type KeptRow } from '../privacy/words.ts'
import { Page } from './page.tsx'
import { Listing, leftOut, standingPage, Words } from './parts.tsx'

/** What is kept about whom; and the record of processing, for machines and for spreadsheets. */
export function privacy(app: FastifyInstance, context: Context) {
  const { config } = context
  const route = { schema: { hide: true } }
  standingPage(app, '/privacy', () => <Privacy context={context} />)
  app.get('/privacy.md', route, (_, reply) =>
    reply.type('text/markdown; charset=utf-8').send(privacyText(config).text),
  )
  app.get('/privacy/record.json', route, () => recordOfProcessing(config))
  app.get('/privacy/record.csv', route, (_, reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="record-of-processing.csv"')
      .send(recordCsv(config)),
  )
}

function Privacy({ context }: { context: Context }) {
  const { config, demo } = context
  const without = leftOut(context)
  const { title, lead, sections } = privacyNotice(config)
  return (
    <Page
      title={`${title} – One Captcha`}
      description="What One Captcha keeps about whom, why, and for how long."
      path="/privacy"
      demo={demo !== null}
    >
      <div class="text long">
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        <nav aria-label="On this page">
          <ul class="contents">
            {sections.map(({ id, title, lang }) => (
              <li>
                <a href={`#${id}`} lang={lang}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {sections.map((section) => (
          <Section section={section} without={without} />
        ))}
      </div>
    </Page>
  )
}

interface SectionProps {
  section: NoticeSection
  without: readonly string[]
}

function Section({ section, without }: SectionProps) {
  const { id, title, lang, blocks } = section
  return (
    <section id={id} lang={lang} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {blocks.map((block) => (
        <Part block={block} title={title} without={without} />
      ))}
    </section>
  )
}

interface PartProps {
  block: Block
  title: string
  without: readonly string[]
}

function Part({ block, title, without }: PartProps) {
  if (typeof block === 'string') {
    return (
      <p>
        <Words text={block} without={without} />
      </p>
    )
  }
  if ('list' in block) {
    return (
      <ul>
        {block.list.map((item) => (
          <li>
            <Words text={item} without={without} />
          </li>
        ))}
      </ul>
    )
  }
  const table = (
    <Listing
      caption={`What is kept: ${title}`}
      rows={block.kept}
      columns={[
        { title: 'What', class: 'widest', cell: (row) => <What row={row} /> },
        {
          title: 'Why',
          class: 'wide',
          cell: ({ why, basis }) => (
            <>
              {why}
              {basis && <span class="hint">{`Basis: ${basisWords(basis)}.`}</span>}
            </>
          ),
        },
        { title: 'For how long', class: 'wide', cell: ({ long }) => long },
      ]}
    />
  )
  if (!block.folded) return table
  return (
    <details>
      <summary>Show all of it</summary>
      {table}
    </details>
  )
}

function What({ row: { what, parts } }: { row: KeptRow }) {
  return (
    <>
      <strong>{what}</strong>
      {parts.map(({ form, words }) => (
        <span class="hint">
          {form === 'plain' ? '' : `Kept ${FORMS[form]}: `}
          {words.join('; ')}
        </span>
      ))}
    </>
  )
}
