import type { SiteView } from '../manage/manage.ts'
import { Card, Table } from './parts.tsx'
import type { Visit } from './visit.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** What happened on a site in the last day. */
export interface DayNumbers {
  challenges: number
  passed: number
  failed: number
  redeemed: number
}

/** The last 24 hours of some sites, by their keys. */
export async function lastDay(
  { context, actor, now }: Visit,
  sitekeys: readonly string[],
): Promise<Map<string, DayNumbers>> {
  const from = Math.floor((now - DAY_MS) / HOUR_MS) * HOUR_MS
  const rows = await Promise.all(
    sitekeys.map((sitekey) =>
      context.manage.numbers(actor, sitekey, { span: 'hour', from, to: now + HOUR_MS }),
    ),
  )
  return new Map(
    sitekeys.map((sitekey, nth) => {
      const sum = (name: string) =>
        rows[nth]!.reduce((total, row) => total + (row.name === name ? row.count : 0), 0)
      return [
        sitekey,
        {
          challenges: sum('challenges'),
          passed: sum('passed'),
          failed: sum('failed'),
          redeemed: sum('redeemed'),
        },
      ]
    }),
  )
}

/** A site's numbers: charts, and a table of the same. */
export function SiteNumbers({ day }: { site: SiteView; day: DayNumbers }) {
  const rows = [
    ['Challenges asked for', day.challenges],
    ['Solutions that passed', day.passed],
    ['Solutions that did not', day.failed],
    ['Tokens redeemed', day.redeemed],
  ] as const
  return (
    <Card title="The last 24 hours">
      <Table
        caption="What happened in the last 24 hours"
        columns={[
          { title: 'What', cell: ([what]) => what },
          {
            title: 'How often',
            number: true,
            cell: ([, count]) => `${count.toLocaleString('en')} times`,
          },
        ]}
        rows={rows}
      />
    </Card>
  )
}
