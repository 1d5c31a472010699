import type { Acceptance, Draft, Version } from '../../../terms/terms.ts'
import { Form } from '../../fields.tsx'
import { page, type Scope } from '../../http.tsx'
import { Ask, Badge, Callout, Card, Table, When } from '../../parts.tsx'
import { Words } from '../../terms.tsx'
import { go } from '../../visit.ts'
import { versionOf } from '../../words.ts'
import { PromisesFrame } from '../frame.tsx'

const TAB = '/console/promises'

type Counts = Record<Acceptance['way'], number> & { of: number }

interface VersionsProps {
  versions: readonly { version: Version; accepted: Counts }[]
  draft: Draft | null
}

/** All versions, and what can be done next. */
export function versionsPage(scope: Scope) {
  const { desk } = scope.context.terms

  page(scope, '/promises', {
    operator: true,
    get: async ({ actor }) => {
      const [all, draft] = await Promise.all([desk.all(actor), desk.draft(actor)])
      const versions = await Promise.all(
        all.map(async (version) => ({
          version,
          accepted: await desk.accepted(actor, version.number),
        })),
      )
      return <Versions versions={versions} draft={draft} />
    },
    post: {
      discard: async ({ actor }) => {
        await desk.discard(actor)
        return go(TAB, 'terms-discarded')
      },
      withdraw: async ({ actor, form }) => {
        await desk.withdraw(actor, Number(form.text('number')))
        return go(TAB, 'terms-withdrawn')
      },
    },
  })
}

function Versions({ versions, draft }: VersionsProps) {
  const upcoming = versions.find(({ version }) => version.state === 'announced')?.version
  return (
    <PromisesFrame
      tab={TAB}
      action={
        !draft && (
          <a class="button" href={`${TAB}/terms/draft`}>
            Write a new version
          </a>
        )
      }
    >
      {upcoming && <Upcoming version={upcoming} />}
      {draft && <Begun draft={draft} waits={upcoming !== undefined} />}
      <Card
        title="Versions"
        lead="What was announced never changes: everybody can read every version, and what is different between two."
        aside={<a href="/terms/versions">As everybody sees them</a>}
      >
        <Table
          caption="Versions of the Terms, the newest first"
          rows={versions}
          columns={[
            {
              title: 'Version',
              cell: ({ version: { number, summary } }) => (
                <>
                  <a href={`/terms/versions/${number}`}>{versionOf(number)}</a>
                  <span class="hint">{summary || 'It comes with the software.'}</span>
                </>
              ),
            },
            { title: 'State', cell: ({ version }) => <State version={version} /> },
            { title: 'Holds', cell: ({ version }) => <Holds version={version} /> },
            {
              title: 'Accepted',
              cell: ({ version, accepted }) => <Accepted version={version} counts={accepted} />,
            },
          ]}
        />
      </Card>
    </PromisesFrame>
  )
}

function Upcoming({ version }: { version: Version }) {
  const { number, effectiveAt } = version
  return (
    <Card title={`Version ${number} is announced`}>
      <Words text={version.summary} />
      <p>
        It holds from <When at={effectiveAt!} /> on. Everybody with an account is told.{' '}
        {version.acceptance === 'click'
          ? 'From then on, everybody is asked to agree by a click.'
          : 'Whoever uses their account after that agrees.'}
      </p>
      <Ask what={`Withdraw version ${number}`}>
        <p>Everybody is told that it does not come. Its number is not used again.</p>
        <Form name="withdraw">
          <input type="hidden" name="number" value={number} />
          <button type="submit" class="danger">
            Withdraw it
          </button>
        </Form>
      </Ask>
    </Card>
  )
}

function Begun({ draft, waits }: { draft: Draft; waits: boolean }) {
  return (
    <Card
      title={`Draft of version ${draft.number}`}
      lead={
        <>
          Changed last <When at={draft.changedAt} />. Only operators see it.
        </>
      }
    >
      {draft.summary !== '' && <Words text={draft.summary} />}
      {waits && (
        <Callout kind="info">
          It can be announced once the version that waits is in force, or withdrawn.
        </Callout>
      )}
      <div class="row">
        <a class="button" href={`${TAB}/terms/preview`}>
          Look at it, and announce
        </a>
        <a class="button quiet" href={`${TAB}/terms/draft`}>
          Go on writing
        </a>
      </div>
      <Ask what="Throw the draft away">
        <p>What was written is gone.</p>
        <Form name="discard">
          <button type="submit" class="danger">
            Throw it away
          </button>
        </Form>
      </Ask>
    </Card>
  )
}

const STATES: Record<Version['state'], [badge: string, words: string]> = {
  founding: ['active', 'In force'],
  draft: ['info', 'Draft'],
  announced: ['ending', 'Announced'],
  'in-force': ['active', 'In force'],
  superseded: ['info', 'Superseded'],
  withdrawn: ['info', 'Withdrawn'],
}

function State({ version }: { version: Version }) {
  const [badge, words] = STATES[version.state]
  return <Badge state={badge}>{words}</Badge>
}

function Holds({ version: { state, effectiveAt, endedAt, withdrawnAt } }: { version: Version }) {
  if (state === 'withdrawn')
    return (
      <span>
        never: withdrawn <When at={withdrawnAt!} />
      </span>
    )
  return (
    <span>
      {effectiveAt === null ? (
        'from the beginning'
      ) : (
        <>
          from <When at={effectiveAt} />
        </>
      )}
      {endedAt !== null && (
        <>
          {' '}
          until <When at={endedAt} />
        </>
      )}
    </span>
  )
}

function Accepted({ version, counts }: { version: Version; counts: Counts }) {
  const { use, click, of } = counts
  const signedUp = counts['sign-up']
  const all = use + click + signedUp
  if (version.state === 'withdrawn' && all === 0) return <>–</>
  const ways = [
    [use, 'by use'],
    [click, 'by a click'],
    [signedUp, 'by signing up'],
  ] as const
  return (
    <span>
      {all} of {of} {of === 1 ? 'account' : 'accounts'}
      <span class="hint">
        {ways
          .filter(([count]) => count > 0)
          .map(([count, words]) => `${count} ${words}`)
          .join(', ')}
      </span>
    </span>
  )
}
