import type { ComponentChildren } from 'preact'
import type { Acceptance, Version } from '../terms/terms.ts'
import { paragraphs } from '../typed-text.ts'
import { Form } from './fields.tsx'
import { Mistaken } from './form.ts'
import { Frame, Threshold } from './frame.tsx'
import { page, type Scope } from './http.tsx'
import { Callout, Card, When } from './parts.tsx'
import { safeNext } from './session.ts'
import { go, useVisit } from './visit.ts'
import { versionOf } from './words.ts'

interface TermsProps {
  current: Version
  upcoming: Version | null
  /** The version before the one in force. */
  before: number
  accepted: readonly Acceptance[]
}

/**
 * The Terms for somebody with an account: which hold, which will, and where a click is wanted the place for it. Who has not
 * given it comes here from every other page, and may still take their data along, end the account, and leave.
 */
export function termsPage(scope: Scope) {
  const { terms } = scope.context

  page(scope, '/terms', {
    beforeTerms: true,
    get: async ({ who }) => {
      const [{ current, upcoming }, versions, accepted] = await Promise.all([
        terms.current().then(terms.known),
        terms.versions(),
        terms.acceptances(who.account.id),
      ])
      const before = versions.find(({ number }) => number < current.number)?.number ?? 0
      return <Terms {...{ current, upcoming, before, accepted }} />
    },
    post: {
      accept: async ({ who, form, query }) => {
        const { id } = who.account
        const number = Number(form.text('number'))
        if (!(await terms.accept(id, number))) {
          const before = (await terms.acceptances(id)).some((one) => one.number === number)
          if (!before)
            throw new Mistaken({ '': 'The Terms have changed since. Please look again.' })
        }
        return go(safeNext(query('next')), 'terms-accepted')
      },
    },
  })
}

function Terms({ current, upcoming, before, accepted }: TermsProps) {
  const mine = accepted.find(({ number }) => number === current.number)
  if (!mine && current.acceptance === 'click')
    return <Asked version={current} known={accepted[0]?.number ?? before} />
  const isAhead = accepted.some(({ number }) => number === upcoming?.number)
  return (
    <Frame title="Terms of Use">
      {upcoming && (
        <Card
          title={`${versionOf(upcoming.number)} holds from ${new Date(upcoming.effectiveAt!).toISOString().slice(0, 10)} on`}
        >
          <Summary version={upcoming} from={current.number} />
          {isAhead ? (
            <Callout kind="success">You have agreed to it already.</Callout>
          ) : upcoming.acceptance === 'click' ? (
            <Agree version={upcoming}>
              It asks for your agreement. Without it the console and your keys stop at that moment,
              until you give it; your sites go on.
            </Agree>
          ) : (
            <p>Whoever uses their account after that agrees to it. There is nothing to do.</p>
          )}
        </Card>
      )}
      <Card title={`${versionOf(current.number)} holds now`}>
        {current.effectiveAt !== null && (
          <p>
            Since <When at={current.effectiveAt} />.
          </p>
        )}
        {current.summary !== '' && <Words text={current.summary} />}
        <p>
          <a href="/terms">Read the Terms</a>
        </p>
        {mine && (
          <p class="hint">
            You agreed to it on <When at={mine.at} />. All that you agreed to is in{' '}
            <a href="/console/account">your account</a>.
          </p>
        )}
      </Card>
    </Frame>
  )
}

/** In the place of every other page. */
function Asked({ version, known }: { version: Version; known: number }) {
  return (
    <Threshold
      title="The Terms have changed"
      lead={
        <>
          {versionOf(version.number)} holds since <When at={version.effectiveAt!} />, and asks for
          your agreement. Your sites and their visitors notice nothing.
        </>
      }
    >
      <Card>
        <Summary version={version} from={known} />
        <Agree version={version} />
      </Card>
      <Card title="If you do not agree">
        <p>
          You can <a href="/console/account">take your data along, or end your account</a>. Until
          you decide, nothing of yours is deleted.
        </p>
        <Form name="log-out" action="/console/log-out">
          <button type="submit" class="quiet">
            Log out
          </button>
        </Form>
      </Card>
    </Threshold>
  )
}

/** @param from what the reader knows */
function Summary({ version, from }: { version: Version; from: number }) {
  const { number, summary } = version
  return (
    <>
      <Words text={summary} />
      <p class="row">
        <a href={`/terms/versions/${number}`}>Read all of it</a>
        {from !== number && <a href={`/terms/diff/${from}..${number}`}>What is different</a>}
      </p>
    </>
  )
}

/** What an operator wrote, as paragraphs. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {paragraphs(text).map((part) => (
        <p class="words">{part}</p>
      ))}
    </>
  )
}

function Agree({ version, children }: { version: Version; children?: ComponentChildren }) {
  const { url } = useVisit()
  return (
    <Form name="accept" action={url}>
      <input type="hidden" name="number" value={version.number} />
      {children && <p>{children}</p>}
      <button type="submit">I agree to version {version.number}</button>
    </Form>
  )
}
