import type { ClauseChange, Piece } from '../terms/diff.ts'
import { nameOf } from '../terms/languages.ts'
import { type Phrases, phrasesFor } from '../terms/phrases.ts'
import type { Version, VersionText } from '../terms/terms.ts'
import { Languages, Standing, Summary, TermsFrame } from './terms-parts.tsx'

/** What is different between two versions, clause by clause; what is not is folded. */
export function Difference(props: {
  older: Version
  newer: Version
  /** The newer one, and those that were between: what their operator said of them. */
  between: readonly Version[]
  /** Those that both are in. */
  texts: readonly VersionText[]
  lang: string
  /** For links, if it was chosen. */
  chosen: string
  changes: readonly ClauseChange[]
  demo: boolean
}) {
  const { older, newer, between, texts, lang, chosen, changes, demo } = props
  const said = phrasesFor(lang)
  const path = `/terms/diff/${older.number}..${newer.number}`
  const told = changes.filter(({ kind }) => kind !== 'same')
  const counts = { changed: 0, added: 0, removed: 0, moved: 0 }
  for (const { kind } of told) if (kind !== 'same') counts[kind]++
  const binding = newer.texts[0]!.lang
  return (
    <TermsFrame said={said} title={said.differences} path={path} demo={demo}>
      <div class="text">
        <h1>{said.differences}</h1>
        <p class="lead">{said.diffLead(said.named(older.number), said.named(newer.number))}</p>
        <Standing said={said} version={newer} />
        {between.map(({ summary }) => (
          <Summary said={said} summary={summary} />
        ))}
        <p>
          <strong>{told.length === 0 ? said.none : said.counts(counts)}</strong>
        </p>
        {lang !== binding && <p class="hint">{said.translation(nameOf(binding, said.lang))}</p>}
        <div class="links">
          <Languages said={said} texts={texts} lang={lang} />
          <a href={`/terms/versions/${newer.number}${chosen}`}>{said.version(newer.number)}</a>
          <a href={`/terms/versions/${older.number}${chosen}`}>{said.version(older.number)}</a>
          <a href={`/terms/versions${chosen}`}>{said.allVersions}</a>
        </div>
      </div>
      <div class="text differences" lang={lang}>
        {runsOf(changes).map((run) =>
          run[0]!.kind === 'same' ? (
            <Unchanged said={said} run={run} />
          ) : (
            run.map((change) => <Changed said={said} change={change} />)
          ),
        )}
      </div>
      <p class="hint">{said.legend}</p>
    </TermsFrame>
  )
}

function Changed({ said, change }: { said: Phrases; change: ClauseChange }) {
  const { kind, id, number, was } = change
  const word = kind === 'moved' ? said.kinds.moved(was) : said.kinds[kind as 'changed']
  return (
    <section class={`difference ${kind}`}>
      <h2 id={kind === 'removed' ? undefined : id || undefined}>
        {number && `${number} `}
        {change.heading.length > 0 ? (
          <Pieces said={said} pieces={change.heading} plain={kind !== 'changed'} />
        ) : (
          number === '' && said.preamble
        )}{' '}
        <span class="kind">
          {word}
          {kind === 'changed' && was !== '' && ` · ${said.kinds.moved(was)}`}
        </span>
      </h2>
      {change.words.length > 0 && (
        <p class="lines">
          <Pieces said={said} pieces={change.words} />
        </p>
      )}
    </section>
  )
}

function Unchanged({ said, run }: { said: Phrases; run: readonly ClauseChange[] }) {
  const names = run.map(({ number, title }) => number || title || said.preamble)
  return (
    <details class="unchanged">
      <summary lang={said.lang}>
        {said.unchanged} {names.join(', ')}
      </summary>
      {run.map(({ number, title, words }) => (
        <>
          {title && (
            <h2>
              {number} {title}
            </h2>
          )}
          {words.length > 0 && <p class="lines">{words.map(({ text }) => text).join('')}</p>}
        </>
      ))}
    </details>
  )
}

/**
 * Pieces of a text, marked by a line and a colour, and for those who hear it by a word.
 *
 * @param plain where the whole is new or gone, and says so elsewhere
 */
function Pieces(props: { said: Phrases; pieces: readonly Piece[]; plain?: boolean }) {
  const { said, pieces, plain } = props
  return (
    <>
      {pieces.map(({ kind, text }) => {
        if (kind === 'same' || plain) return text
        const Mark = kind === 'added' ? 'ins' : 'del'
        return (
          <Mark>
            <span class="unseen" lang={said.lang}>
              {said.marks[kind]}{' '}
            </span>
            {text}
          </Mark>
        )
      })}
    </>
  )
}

/** Those that follow each other and are all the same, or all not. */
function runsOf(changes: readonly ClauseChange[]): ClauseChange[][] {
  const runs: ClauseChange[][] = []
  for (const change of changes) {
    const last = runs.at(-1)
    if (last && (last[0]!.kind === 'same') === (change.kind === 'same')) last.push(change)
    else runs.push([change])
  }
  return runs
}
