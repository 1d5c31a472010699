import { BadRequest } from '../../../core/bad-request.ts'
import { readDay } from '../../../moments.ts'
import { type ClauseChange, diffTerms } from '../../../terms/diff.ts'
import { renderTerms } from '../../../terms/render.ts'
import type { Draft, Version } from '../../../terms/terms.ts'
import { Field, Form } from '../../fields.tsx'
import { Mistaken } from '../../form.ts'
import { page, type Scope } from '../../http.tsx'
import { Callout, Card, Facts, Tabs, When } from '../../parts.tsx'
import { Words } from '../../terms.tsx'
import { go } from '../../visit.ts'
import { versionOf } from '../../words.ts'
import { PromisesFrame } from '../frame.tsx'
import { languageOf } from './draft.tsx'

const TAB = '/console/promises'
const PREVIEW = `${TAB}/terms/preview`
const DAY_MS = 86_400_000

interface PreviewProps {
  draft: Draft
  /** What it is compared with: the newest that was announced. */
  before: Version
  lang: string
  whole: boolean
  audience: { accounts: number; letters: number }
  /** Null for at once; or why not at all. */
  earliest: number | null | { not: string }
}

/** The draft as everybody would see it, what is different, and from here it is announced. */
export function previewPage(scope: Scope) {
  const { terms } = scope.context
  const { desk } = terms

  page(scope, '/promises/terms/preview', {
    operator: true,
    get: async ({ actor, query }) => {
      const draft = await desk.draft(actor)
      if (!draft) throw new BadRequest('not-found', 'There is no draft.')
      const lang = draft.texts.find((one) => one.lang === query('lang'))?.lang
      return (
        <Preview
          draft={draft}
          before={(await terms.upcoming()) ?? (await terms.current())}
          lang={lang ?? draft.texts[0]!.lang}
          whole={query('as') === 'text'}
          audience={await desk.audience(actor)}
          earliest={await desk.earliest(actor).catch(asWords)}
        />
      )
    },
    post: {
      announce: async ({ actor, form }) => {
        const effectiveAt = dayIn(form.text('effectiveAt'))
        await desk.announce(actor, { effectiveAt, changedAt: Number(form.text('changedAt')) })
        return go(TAB, 'terms-announced')
      },
    },
  })
}

/** Midnight, UTC; null where nothing was chosen. */
function dayIn(text: string): number | null {
  if (text === '') return null
  const at = readDay(text)
  if (Number.isNaN(at))
    throw new Mistaken({ effectiveAt: 'Please give a day, such as 2027-01-31.' })
  return at
}

function asWords(error: unknown): { not: string } {
  if (error instanceof BadRequest && error.code === 'field-invalid') return { not: error.message }
  throw error
}

function Preview(props: PreviewProps) {
  const { draft, before, lang, whole, audience, earliest } = props
  const address = (changes: { lang?: string; as?: string }) =>
    `${PREVIEW}?${new URLSearchParams({ lang, as: whole ? 'text' : 'changes', ...changes })}`
  const text = draft.texts.find((one) => one.lang === lang)!.text
  const older = before.texts.find((one) => one.lang === lang)?.text
  return (
    <PromisesFrame
      tab={TAB}
      title={`Draft of version ${draft.number}`}
      action={
        <a class="button quiet" href={`${TAB}/terms/draft`}>
          Go on writing
        </a>
      }
    >
      <Card title="What everybody is told">
        {draft.summary === '' ? (
          <Callout kind="warning">There is no summary yet.</Callout>
        ) : (
          <Words text={draft.summary} />
        )}
      </Card>
      {draft.texts.length > 1 && (
        <Tabs
          label="Language"
          here={address({ lang })}
          tabs={draft.texts.map((one) => ({
            path: address({ lang: one.lang }),
            words: languageOf(one.lang),
          }))}
        />
      )}
      <Card
        title={whole ? 'All of it' : `What is different from ${nameIn(before)}`}
        aside={
          whole ? (
            <a href={address({ as: 'changes' })}>What is different</a>
          ) : (
            <a href={address({ as: 'text' })}>All of it</a>
          )
        }
      >
        {whole ? (
          <div
            class="prose"
            lang={lang}
            // Made by `renderTerms`, which lets nothing through but text.
            dangerouslySetInnerHTML={{
              __html: renderTerms(text, { here: 'Link to here', outside: '(leads elsewhere)' })
                .html,
            }}
          />
        ) : older === undefined ? (
          <p>That version is not there in {languageOf(lang)}: all of it is new.</p>
        ) : (
          <Changes lang={lang} changes={diffTerms(older, text, lang)} />
        )}
      </Card>
      <Announce draft={draft} earliest={earliest} audience={audience} />
    </PromisesFrame>
  )
}

function nameIn({ number }: Version): string {
  return number === 0 ? 'the founding text' : versionOf(number).toLowerCase()
}

function Announce({
  draft,
  earliest,
  audience,
}: Pick<PreviewProps, 'draft' | 'earliest' | 'audience'>) {
  if (earliest !== null && typeof earliest === 'object')
    return <Callout kind="info">{earliest.not}</Callout>
  const { accounts, letters } = audience
  const told =
    letters === 0
      ? 'none has an address for mail: they see it in the console'
      : `${letters} by a letter, all in the console`
  return (
    <Card
      title="Announce it"
      lead="From then on no byte of it changes. It can be withdrawn until a minute before it is in force."
    >
      <Facts
        facts={[
          ['Told', `${accounts} ${accounts === 1 ? 'account' : 'accounts'}: ${told}`],
          ['Accepted', draft.acceptance === 'click' ? 'by a click' : 'by use'],
          [
            'In force at the earliest',
            earliest === null ? 'at once, as it is the first' : <When at={earliest} />,
          ],
        ]}
      />
      <Form name="announce">
        <input type="hidden" name="changedAt" value={draft.changedAt} />
        <Field
          name="effectiveAt"
          type="date"
          label="In force from"
          hint={`The day begins at midnight, UTC.${earliest === null ? ' Left empty: at once.' : ''}`}
          value={earliest === null ? '' : dayAfter(earliest)}
          required={earliest !== null}
          short
        />
        <button type="submit">Announce version {draft.number}</button>
      </Form>
    </Card>
  )
}

/** A day later than the earliest: it may be looked at for a while. */
function dayAfter(at: number): string {
  return new Date((Math.ceil(at / DAY_MS) + 1) * DAY_MS).toISOString().slice(0, 10)
}

const KINDS: Record<ClauseChange['kind'], string> = {
  same: '',
  moved: 'has another number',
  changed: 'changed',
  added: 'new',
  removed: 'taken out',
}

function Changes({ changes, lang }: { changes: readonly ClauseChange[]; lang: string }) {
  const different = changes.filter(({ kind }) => kind !== 'same')
  if (different.length === 0) return <p>Nothing is different.</p>
  return (
    <>
      {different.map(({ kind, number, was, heading, words }) => (
        <section class="change">
          <h3>
            {number ? `${number} ` : heading.length === 0 && 'Before the first clause '}
            <span lang={lang}>
              <Pieces pieces={heading} />
            </span>{' '}
            <span class="hint">
              {KINDS[kind]}
              {was && `, was ${was}`}
            </span>
          </h3>
          {words.length > 0 && kind !== 'moved' && (
            <p class="words" lang={lang}>
              <Pieces pieces={words} />
            </p>
          )}
        </section>
      ))}
    </>
  )
}

function Pieces({ pieces }: { pieces: ClauseChange['words'] }) {
  return (
    <>
      {pieces.map(({ kind, text }) =>
        kind === 'added' ? <ins>{text}</ins> : kind === 'removed' ? <del>{text}</del> : text,
      )}
    </>
  )
}
