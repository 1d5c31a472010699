import { Readable } from 'node:stream'
import type { NoticeKind } from '../../notices/notice.ts'
import type { FailedDelivery } from '../../notices/notices.ts'
import type { NoticeRow } from '../../store/store.ts'
import { Form } from '../fields.tsx'
import { page, type Scope } from '../http.tsx'
import { Callout, Card, Empty, Facts, Table, When } from '../parts.tsx'
import { go, type Visit } from '../visit.ts'
import { PromisesFrame } from './frame.tsx'

const PATH = '/console/promises/notices'
const NOTICES = 25
const FAILED = 50

const KINDS: Record<NoticeKind, string> = {
  terms: 'Terms',
  maintenance: 'Maintenance',
  incident: 'Incident',
  breach: 'Breach',
  account: 'Change of an account',
  feedback: 'Answer to feedback',
  alert: 'Alert',
}

/** What people were told, and what could not be brought to them. */
export function noticesPages(scope: Scope) {
  const { notices } = scope.context

  page(scope, '/promises/notices', {
    operator: true,
    get: async ({ actor, query, context }) => {
      const before = query('before') ? await notices.one(actor, query('before')) : undefined
      const [found, failed] = await Promise.all([
        notices.list(actor, NOTICES + 1, before),
        notices.failed(actor, FAILED),
      ])
      const next = found.length > NOTICES ? found[NOTICES - 1]!.id : null
      return (
        <PromisesFrame tab={PATH}>
          {!context.accounts.canMail && (
            <Callout kind="info">
              No mail server is set, so letters wait; after seven days they are given up. Webhooks,
              the feeds and the console go on without one.
            </Callout>
          )}
          <Failed failed={failed} />
          <All notices={found.slice(0, NOTICES)} next={next} first={before === undefined} />
        </PromisesFrame>
      )
    },
    post: { retry },
  })

  page(scope, '/promises/notices/:id', {
    operator: true,
    get: async ({ actor, params }) => {
      const notice = await notices.one(actor, params.id!)
      return <One notice={notice} failed={await notices.failed(actor, FAILED, notice.id)} />
    },
    post: { retry },
  })

  page(scope, '/promises/notices/:id/report', {
    operator: true,
    get: async ({ actor, params }) => ({
      file: `one-captcha-notice-${params.id}.csv`,
      type: 'text/csv; charset=utf-8',
      body: Readable.from(await notices.report(actor, params.id!)),
    }),
  })

  async function retry({ actor, form, url }: Visit) {
    const recipient = form.text('recipient')
    const one = recipient === '' ? undefined : { channel: form.text('channel'), recipient }
    await notices.retry(actor, form.text('notice'), one)
    return go(url, 'deliveries-retried')
  }
}

function All({
  notices,
  next,
  first,
}: {
  notices: readonly NoticeRow[]
  next: string | null
  first: boolean
}) {
  if (notices.length === 0) {
    return (
      <Empty title="Nothing was told yet">
        Whoever has an account is told of changes of the Terms, of maintenance and incidents, of
        breaches that concern them, and of changes of their own account. What was told is listed
        here.
      </Empty>
    )
  }
  return (
    <>
      <Card title="What was told">
        <Table
          caption="Notices, the newest first"
          rows={notices}
          columns={[
            {
              title: 'Notice',
              cell: ({ id, kind, about }) => (
                <>
                  <a href={`${PATH}/${id}`}>{KINDS[kind]}</a>
                  <span class="hint">
                    <code class="long">{about}</code>
                  </span>
                </>
              ),
            },
            { title: 'When', cell: ({ createdAt }) => <When at={createdAt} /> },
            { title: 'Letters', cell: ({ counts }) => wordsOf(counts.mail) },
            { title: 'Webhooks', cell: ({ counts }) => wordsOf(counts.webhook) },
          ]}
        />
      </Card>
      {(next !== null || !first) && (
        <p class="row">
          {!first && <a href={PATH}>Newest</a>}
          {next !== null && <a href={`${PATH}?before=${next}`}>Older</a>}
        </p>
      )}
    </>
  )
}

/** Only what there is: `998 sent, 2 failed`. */
function wordsOf(counts: NoticeRow['counts']['mail']): string {
  const words = {
    sent: 'sent',
    waiting: 'waiting',
    failed: 'failed',
    dropped: 'not needed any more',
  }
  const parts = (['sent', 'waiting', 'failed', 'dropped'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${words[state]}`)
  return parts.join(', ') || 'none'
}

function One({ notice, failed }: { notice: NoticeRow; failed: readonly FailedDelivery[] }) {
  const { id, kind, about, createdAt, counts } = notice
  return (
    <PromisesFrame
      tab={PATH}
      title={KINDS[kind]}
      action={
        <a class="button" href={`${PATH}/${id}/report`} download>
          Download the report
        </a>
      }
    >
      <Card
        title="Notice"
        lead="The report has every delivery: accounts and webhooks by their ids, and no address."
      >
        <Facts
          facts={[
            ['About', <code class="long">{about}</code>],
            ['When', <When at={createdAt} />],
            ['Letters', wordsOf(counts.mail)],
            ['Webhooks', wordsOf(counts.webhook)],
          ]}
        />
      </Card>
      <Failed failed={failed} notice={notice} />
    </PromisesFrame>
  )
}

function Failed({ failed, notice }: { failed: readonly FailedDelivery[]; notice?: NoticeRow }) {
  if (failed.length === 0) return null
  return (
    <Card
      title="Could not be delivered"
      lead="Each was tried for three days, or refused for good. What was wrong may be mended by now."
      aside={
        notice && (
          <Form name="retry" plain>
            <input type="hidden" name="notice" value={notice.id} />
            <button type="submit" class="quiet small">
              Try all again
            </button>
          </Form>
        )
      }
    >
      <Table
        caption="What could not be delivered"
        rows={failed}
        columns={[
          { title: 'To', cell: (one) => <Recipient delivery={one} /> },
          {
            title: 'What',
            cell: ({ kind, noticeId, channel }) => (
              <>
                <a href={`${PATH}/${noticeId}`}>{KINDS[kind]}</a>
                <span class="hint">{channel === 'mail' ? 'by mail' : 'by webhook'}</span>
              </>
            ),
          },
          {
            title: 'Why',
            cell: ({ why, attempts }) => (
              <>
                {why}
                <span class="hint">
                  {attempts === 1 ? 'tried once' : `tried ${attempts} times`}
                </span>
              </>
            ),
          },
          { title: 'Given up', cell: ({ doneAt }) => doneAt !== null && <When at={doneAt} /> },
          {
            title: 'Try again',
            quiet: true,
            cell: ({ noticeId, channel, recipient }) => (
              <Form name="retry" plain>
                <input type="hidden" name="notice" value={noticeId} />
                <input type="hidden" name="channel" value={channel} />
                <input type="hidden" name="recipient" value={recipient} />
                <button type="submit" class="quiet small">
                  Try again<span class="unseen">: {recipient}</span>
                </button>
              </Form>
            ),
          },
        ]}
      />
    </Card>
  )
}

function Recipient({ delivery: { recipient } }: { delivery: FailedDelivery }) {
  if (recipient.startsWith('acc_')) {
    return (
      <a href={`/console/accounts/${recipient}`}>
        <code>{recipient}</code>
      </a>
    )
  }
  return recipient.startsWith('whk_') ? (
    <code>{recipient}</code>
  ) : (
    <>an address without an account</>
  )
}
