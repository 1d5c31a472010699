import { SUMMARY_CHARS_MAX } from '../../../terms/draft.ts'
import { nameOf } from '../../../terms/languages.ts'
import type { Draft, DraftText } from '../../../terms/terms.ts'
import { Area, Field, Form, Radios } from '../../fields.tsx'
import { Mistaken, type Form as Sent } from '../../form.ts'
import { page, type Scope } from '../../http.tsx'
import { Ask, Card } from '../../parts.tsx'
import { go } from '../../visit.ts'
import { PromisesFrame } from '../frame.tsx'

const TAB = '/console/promises'
/** Some long texts, in an alphabet that takes nine bytes a letter on the way. */
const BYTES_MAX = 4_000_000

const ACCEPTANCES = [
  {
    value: 'use',
    label: 'By use',
    hint: 'Whoever logs in, or calls with a key, once it is in force. The usual way.',
  },
  {
    value: 'click',
    label: 'By a click',
    hint: 'Until somebody agrees, the console shows them the Terms and nothing else, and their keys are refused. Their sites go on.',
  },
] as const

/** Where the next version is written: there is one draft, for all operators. */
export function draftPage(scope: Scope) {
  const { desk } = scope.context.terms

  page(scope, '/promises/terms/draft', {
    operator: true,
    bytesMax: BYTES_MAX,
    get: async ({ actor, form }) => {
      const draft = await desk.draft(actor)
      const shown = draft ?? (await desk.begin(actor))
      // What somebody else has written meanwhile is not written over by sending it once more.
      const from = form.name === 'draft' ? form.text('from') : String(draft?.changedAt ?? '')
      return <Write draft={draft} shown={shown} from={from} />
    },
    post: {
      draft: async ({ actor, form }) => {
        const from = form.text('from') === '' ? null : Number(form.text('from'))
        await desk.write(actor, draftIn(form), from)
        return go(`${TAB}/terms/preview`, 'terms-saved')
      },
    },
  })
}

/** An emptied text is none any more, and the first that is left binds. */
function draftIn(form: Sent): DraftText {
  const texts = form
    .list('lang')
    .map((lang) => ({ lang, text: form.exact(`text-${lang}`) }))
    .filter(({ text }) => text.trim() !== '')
  const more = { lang: form.text('more'), text: form.exact('text-more') }
  if (more.text.trim() !== '' && more.lang === '')
    throw new Mistaken({ more: 'Please say which language it is.' })
  if (more.lang !== '' && more.text.trim() === '')
    throw new Mistaken({ 'text-more': 'There is no text.' })
  if (more.lang !== '') {
    if (texts.some(({ lang }) => lang === more.lang))
      throw new Mistaken({ more: 'This language is there already.' })
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/.test(more.lang))
      throw new Mistaken({ more: 'A language is named like “en”, “de” or “zh-TW”.' })
    texts.push(more)
  }
  if (texts.length === 0)
    throw new Mistaken({ [`text-${form.list('lang')[0] ?? 'more'}`]: 'There is no text.' })
  return {
    ...{ summary: form.exact('summary'), texts },
    acceptance: form.text('acceptance') as DraftText['acceptance'],
  }
}

interface WriteProps {
  draft: Draft | null
  shown: DraftText
  from: string
}

function Write({ draft, shown, from }: WriteProps) {
  return (
    <PromisesFrame tab={TAB} title={draft ? `Draft of version ${draft.number}` : 'A new version'}>
      <Form name="draft">
        <input type="hidden" name="from" value={from} />
        <Card title="What is different">
          <Area
            name="summary"
            label="Summary"
            hint={`For those who have agreed to the version before: what changes for them, and why. It is in the letter that everybody gets. At most ${SUMMARY_CHARS_MAX} characters.`}
            value={shown.summary}
            rows={4}
          />
          <Radios
            name="acceptance"
            label="How it is accepted"
            choices={ACCEPTANCES}
            value={shown.acceptance}
          />
        </Card>
        <Card
          title="The text"
          lead="In Markdown. A heading that begins with a number, such as “## 4.2 Interruption”, can be linked to by that number. Emptied, a language is left out. At most 200 kB each."
        >
          {shown.texts.map(({ lang, text }, place) => (
            <>
              <input type="hidden" name="lang" value={lang} />
              <Area
                name={`text-${lang}`}
                label={`${languageOf(lang)}${place === 0 ? ', which binds' : ''}`}
                value={text}
                rows={24}
                spellcheck
              />
            </>
          ))}
          <Ask what="Another language">
            <Field
              name="more"
              label="Language"
              hint="As browsers name it: de, fr, zh-TW."
              required={false}
              maxLength={20}
              spellcheck={false}
              short
            />
            <Area name="text-more" label="Its text" rows={12} />
          </Ask>
        </Card>
        <div class="row">
          <button type="submit">Save, and look at it</button>
          <a class="button quiet" href={TAB}>
            Rather not
          </a>
        </div>
      </Form>
    </PromisesFrame>
  )
}

/** What a language is called in English. */
export function languageOf(lang: string): string {
  return nameOf(lang, 'en')
}
