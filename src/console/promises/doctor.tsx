import type { Check } from '../../doctor/check.ts'
import type { Examination } from '../../store/store.ts'
import { Form } from '../fields.tsx'
import { page, type Scope } from '../http.tsx'
import { Badge, Callout, Card, Empty, Table, When } from '../parts.tsx'
import { go } from '../visit.ts'
import { PromisesFrame } from './frame.tsx'

const TAB = '/console/promises/doctor'

/** What the doctor found, the worst first. */
const STATES = [
  { state: 'failing', badge: 'bad', words: 'Fails' },
  { state: 'warning', badge: 'doubtful', words: 'Look at it' },
  { state: 'ok', badge: 'good', words: 'Well' },
] as const satisfies { state: Check['state']; badge: string; words: string }[]

/** What the doctor found, and when. */
export function doctorPage(scope: Scope) {
  page(scope, '/promises/doctor', {
    operator: true,
    get: async ({ context, actor }) => <Doctor {...(await context.doctor.found(actor))} />,
    post: {
      look: async ({ context, actor }) => {
        await context.doctor.look(actor)
        return go(TAB, 'doctor-looked')
      },
    },
  })
}

function Doctor({ all, overdue }: { all: Examination[]; overdue: boolean }) {
  const [last, ...earlier] = all
  const action = (
    <Form name="look" plain>
      <button type="submit">Look now</button>
    </Form>
  )
  return (
    <PromisesFrame tab={TAB} action={last && action}>
      {overdue && (
        <Callout kind="danger">
          The doctor should have looked by now: it does so once a day. See the service’s log for why
          it has not.
        </Callout>
      )}
      {last ? (
        <>
          <Last {...last} />
          {earlier.length > 0 && <Earlier earlier={earlier} />}
        </>
      ) : (
        <Empty title="Nobody has looked yet" action={action}>
          The doctor looks at keys, files, certificates, backups, clocks and the log once a day,
          first when the service has run for ten minutes. It changes nothing.
        </Empty>
      )}
    </PromisesFrame>
  )
}

function Last({ at, failing, warnings, checks }: Examination) {
  const sorted = STATES.flatMap(({ state }) => checks.filter((check) => check.state === state))
  return (
    <Card
      title={wordsFor(failing, warnings)}
      lead={
        <>
          Looked at {checks.length} things, <When at={at} />. Of the node that looked: where there
          are several, run <code>one-captcha doctor</code> on each.
        </>
      }
    >
      <Table
        caption="What was looked at, the worst first"
        rows={sorted}
        columns={[
          { title: 'What', cell: ({ name }) => name },
          { title: 'Standing', cell: ({ state }) => <Standing state={state} /> },
          { title: 'Found', cell: ({ message }) => <span class="lines">{message}</span> },
        ]}
      />
    </Card>
  )
}

function Standing({ state }: Pick<Check, 'state'>) {
  const { badge, words } = STATES.find((one) => one.state === state)!
  return <Badge state={badge}>{words}</Badge>
}

function Earlier({ earlier }: { earlier: Examination[] }) {
  return (
    <Card title="Before that">
      <Table
        caption="What was found before, the newest first"
        rows={earlier}
        columns={[
          { title: 'When', cell: ({ at }) => <When at={at} /> },
          { title: 'Fails', number: true, cell: ({ failing }) => failing },
          { title: 'To look at', number: true, cell: ({ warnings }) => warnings },
          {
            title: 'What fails',
            cell: ({ checks }) =>
              checks
                .filter(({ state }) => state === 'failing')
                .map(({ name }) => name)
                .join(', ') || 'nothing',
          },
        ]}
      />
    </Card>
  )
}

function wordsFor(failing: number, warnings: number): string {
  if (failing > 0) return failing === 1 ? 'One thing fails' : `${failing} things fail`
  if (warnings > 0) return warnings === 1 ? 'One thing to look at' : `${warnings} things to look at`
  return 'All is well'
}
