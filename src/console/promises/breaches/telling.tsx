import {
  AUTHORITY_MS,
  FACT_WORDS,
  missingForAuthority,
  missingForPeople,
} from '../../../breaches/breach.ts'
import type { Breach, Statement } from '../../../store/store.ts'
import { Area, Field, Form, Radios } from '../../fields.tsx'
import { Ask, Callout, Card, When } from '../../parts.tsx'
import { useVisit } from '../../visit.ts'
import { typed } from '../moments.ts'
import { Lines } from './parts.tsx'

const WHOM = [
  { value: 'accounts', label: 'These accounts', hint: 'Logins or ids, in the field below.' },
  { value: 'sites', label: 'Those who have to do with these sites', hint: 'Sitekeys, below.' },
  { value: 'everybody', label: 'Everybody who has an account' },
]

interface ConcernedProps {
  breach: Breach
  accounts: { id: string; login: string }[]
}

/** Which accounts it concerns. */
export function ConcernedCard({ breach, accounts }: ConcernedProps) {
  const count = breach.accounts
  return (
    <Card
      title="Whom it concerns"
      lead={
        count === 0
          ? 'Nobody is written down yet.'
          : `${people(count)}; ${breach.reachable} of them can be reached by mail. ${
              breach.reachable < count ? 'Whom no letter reaches may read it in public, below.' : ''
            }`
      }
    >
      {accounts.length > 0 && (
        <details class="more">
          <summary>
            {accounts.length < count ? `The first ${accounts.length}` : 'Who they are'}
          </summary>
          <p>
            {accounts.map(({ id, login }, nth) => (
              <>
                {nth > 0 && ', '}
                <a href={`/console/accounts/${id}`}>{login || 'ended'}</a>
              </>
            ))}
          </p>
        </details>
      )}
      {breach.closedAt === null && (
        <details class="more" open={count === 0}>
          <summary>Add to them</summary>
          <Form name="concern">
            <Radios name="whom" label="Whom" choices={WHOM} value="accounts" />
            <Area
              name="names"
              label="Logins, ids or sitekeys"
              hint="With blanks or new lines between. Names that are nobody’s add nobody."
              rows={2}
              spellcheck={false}
            />
            <button type="submit">Add</button>
          </Form>
        </details>
      )}
      {count > 0 && breach.peopleTold === 0 && breach.closedAt === null && (
        <Ask what="Remove all…">
          <p>Nobody is written down as concerned then. Nobody was told yet.</p>
          <Form name="unconcern" plain>
            <button type="submit" class="small">
              Remove all of them
            </button>
          </Form>
        </Ask>
      )}
    </Card>
  )
}

/** The notice to the authority, which the operator sends. */
export function AuthorityCard({ breach }: { breach: Breach }) {
  const { now } = useVisit()
  const { facts, authorityToldAt } = breach
  const missing = missingForAuthority(facts)
  const isLate = authorityToldAt === null && now > facts.noticedAt + AUTHORITY_MS
  return (
    <Card
      title="The authority"
      lead="Yours is where you are established. Most want their own form filled in: the draft has what each of them asks for (Article 33(3))."
      aside={
        <a href="?as=authority" download>
          Download the draft
        </a>
      }
    >
      {missing.length > 0 && (
        <Callout kind="info">
          The draft says of these that they will follow:{' '}
          {missing.map((name) => FACT_WORDS[name]).join(', ')}.
        </Callout>
      )}
      {authorityToldAt !== null && (
        <p>
          It was told on <When at={authorityToldAt} />.
        </p>
      )}
      {breach.closedAt === null && (
        <details class="more" open={authorityToldAt === null}>
          <summary>
            {authorityToldAt === null ? 'I have told the authority' : 'I have told it more'}
          </summary>
          <Form name="authority">
            <Field name="at" label="When" hint="In UTC." value={typed(now)} short />
            {authorityToldAt === null && (
              <Area
                name="lateReason"
                label="Why it is later than 72 hours"
                hint={
                  isLate
                    ? 'It is: the law asks for the reason (Article 33(1)).'
                    : 'Stays empty while it is not.'
                }
                rows={2}
              />
            )}
            <button type="submit">Write it down</button>
          </Form>
        </details>
      )}
    </Card>
  )
}

/** The letter to those concerned. */
export function PeopleCard({ breach }: { breach: Breach }) {
  const { facts, accounts, reachable, peopleTold, peopleToldAt, closedAt, revision } = breach
  const missing = missingForPeople(facts)
  const ready = missing.length === 0 && accounts > 0
  return (
    <Card
      title="The letter to them"
      lead="With a high risk they must be told what happened, what may follow, what is done, and where to ask (Article 34(2)). With a lower one you may."
      aside={
        <a href="?as=people" download>
          Read the letter
        </a>
      }
    >
      {peopleToldAt !== null && (
        <p>
          They were told {peopleTold === 1 ? 'once' : `${peopleTold} times`}, first on{' '}
          <When at={peopleToldAt} />. Whether each letter went out is under{' '}
          <a href="/console/promises/notices">Notices</a>.
        </p>
      )}
      {closedAt === null && !ready && (
        <Callout kind="info">
          {missing.length > 0
            ? `Before anybody is told this must be known: ${missing.map((name) => FACT_WORDS[name]).join(', ')}.`
            : 'Say first which accounts it concerns.'}
        </Callout>
      )}
      {closedAt === null && ready && (
        <Ask what={peopleTold === 0 ? 'Tell them…' : 'Tell them more…'}>
          <p>
            {people(accounts)} are told, each once: {reachable} by letter, and where they have
            webhooks for it by those. {peopleTold > 0 && 'They get all that is known by now. '}
            It cannot be taken back.
          </p>
          <Form name="people" plain>
            <input type="hidden" name="before" value={peopleTold} />
            <input type="hidden" name="revision" value={revision} />
            <button type="submit" class="danger small">
              {peopleTold === 0 ? 'Tell all of them now' : 'Send them a further letter'}
            </button>
          </Form>
        </Ask>
      )}
    </Card>
  )
}

/** What everybody may read. */
export function PublicCard({ statements }: { statements: Statement[] }) {
  return (
    <Card
      title="In public"
      lead={
        <>
          What you publish stands at <a href="/breaches">/breaches</a> for everybody, and in a feed.
          Nobody can change it afterwards; you can add to it.
        </>
      }
    >
      {statements.map((statement) => (
        <details class="more">
          <summary>
            {statement.title} · <When at={statement.at} />
          </summary>
          <p>
            <Lines text={statement.text} />
          </p>
          <p class="hint">
            SHA-256 <code>{statement.hash}</code>
          </p>
        </details>
      ))}
      <details class="more">
        <summary>{statements.length === 0 ? 'Write a statement' : 'Add a statement'}</summary>
        <Form name="publish">
          <input type="hidden" name="before" value={statements.length} />
          <Field name="title" label="Title" />
          <Area
            name="text"
            label="Text"
            hint="Plain words, with an empty line between paragraphs. What happened, whom it concerns, what is done, what they can do, where to ask."
            rows={8}
          />
          <button type="submit">Publish for good</button>
        </Form>
      </details>
    </Card>
  )
}

function people(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'account' : 'accounts'}`
}
