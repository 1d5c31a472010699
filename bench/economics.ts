import { cpus, loadavg } from 'node:os'
import type { Relief } from '../src/core/challenge.ts'
import type { Price } from '../src/core/plan.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import {
  type Cost,
  costOf,
  costPerToken,
  costPerTokenForesighted,
  dollarsFor,
  type Rents,
  type Speeds,
  triesWithin,
} from './costs.ts'
import { type Card, EQUIX, MEASURED, SHA256, UNMEASURED } from './defaults.ts'
import { PRICES, type Published } from './prices.ts'
import {
  COUNT,
  type Meeting,
  patience,
  patienceFromOneNetwork,
  pictures,
  picturesFromOneNetwork,
  type Worth,
  workAlone,
} from './ways.ts'
import { measureWork } from './work.ts'

type WorkRow = Awaited<ReturnType<typeof measureWork>>[number]

const ROUNDS = 3
/** All works are compared at this wait of a visitor. */
const EQUAL_WAIT_MS = 500
const RENTS: Rents = { core: PRICES.sharedCore.value, gpu: PRICES.card.value }
/** Guessing one of four gaps; our best attacker (`npm run lab -- slider`); people on a farm, which is an assumption. */
const HITS = { guessed: 1 / 4, ranked: 0.734, people: 0.9 }
/** How fast a visitor's other machines are beside the desktop that was measured: the assumption of `lab/pressure`. */
const PHONES = { 'new phone': 1 / 2, 'slow phone': 1 / 5 }
const PRESSURES = [1, 4, 8]
/** Tokens that somebody wants through one network in ten minutes. */
const FLOODS = [20, 200, 1_000, 10_000]
/** Bytes through a proxy: an assumption for a token without a picture, and what a picture weighs (`bench pictures`). */
const TOKEN_BYTES = 10_000
const PICTURE_BYTES = 25_000
/** Processor time to paint and encode a picture (`bench pictures`). */
const PICTURE_MS = 22.7

/** What a thousand tokens cost whoever has no visitor: by work alone, by each of our ways, by people's hands. */
export async function economics(): Promise<string> {
  const load = loadavg()[0]!.toFixed(1)
  const rows = new Map((await measureWork(ROUNDS)).map((row) => [row.name, row]))
  const [equix, sha256] = [EQUIX, SHA256].map((name) => speedsOf(rowOf(rows, name), null))
  return [
    `### What 1,000 tokens cost, ${cpus().length} × ${cpus()[0]!.model}, load ${load} before`,
    '',
    ...defaults(rows),
    ...equalWaits(rows),
    ...ourWays(equix!, sha256!),
    ...floods(equix!, sha256!),
    ...ourVisitors(equix!),
    ...beside(equix!, sha256!),
    ...published(),
  ].join('\n')
}

type Rows = ReadonlyMap<string, WorkRow>

function rowOf(rows: Rows, name: string): WorkRow {
  const row = rows.get(name)
  if (!row) throw new Error(`measureWork has no row ${name}.`)
  return row
}

function speedsOf({ perSecond, nativePerSecond }: WorkRow, card: Card | null): Speeds {
  return { visitor: perSecond, core: nativePerSecond, gpu: card && PRICES[card].value }
}

function defaults(rows: Rows): string[] {
  const measured = MEASURED.map(({ row: name, card, share }) => {
    const row = rowOf(rows, name)
    const cost = costOf(row.defaultTries, speedsOf(row, card), RENTS, { share })
    return line(row, row.defaultTries, [time(cost.visitorMs), time(row.medianMs)], cost)
  })
  const unmeasured = UNMEASURED.map(({ like, tries, card, ...work }) => {
    if (like === null) return line(work, tries, ['?', '?'], null)
    const cost = costOf(tries, speedsOf(rowOf(rows, like), card), RENTS)
    return line(work, tries, [`about ${time(cost.visitorMs)}`, '?'], cost)
  })
  return table(
    'As asked for by default',
    [
      '',
      'asked for',
      'expected tries',
      'a visitor’s thread works',
      'by the clock',
      'a core works',
      '$ for 1,000, on a core',
      '… on a card',
    ],
    [...measured, ...unmeasured],
  )

  function line(
    work: { name: string; asks: string },
    tries: number,
    waits: string[],
    cost: Cost | null,
  ) {
    // A thousand in so many seconds is one in so many milliseconds.
    const costs = cost
      ? [time(cost.coreSeconds), dollars(cost.coreDollars), dollars(cost.gpuDollars)]
      : ['?', '?', '?']
    return [work.name, work.asks, whole(tries), ...waits, ...costs]
  }
}

function equalWaits(rows: Rows): string[] {
  return table(
    `For the same wait, ${EQUAL_WAIT_MS} ms of one browser thread`,
    [
      '',
      'tries',
      'a core beside a visitor',
      'a card beside a visitor',
      'a card in cores',
      'core-seconds for 1,000',
      '$ on a core, shared to dedicated',
      '$ on a card',
    ],
    MEASURED.map(({ row, card, share = 1 }) => {
      const speeds = speedsOf(rowOf(rows, row), card)
      const tries = triesWithin(EQUAL_WAIT_MS, speeds)
      const cost = costOf(tries, speeds, RENTS, { share })
      const dedicated = dollarsFor(cost.coreSeconds, PRICES.dedicatedCore.value)
      return [
        row,
        whole(tries),
        times(speeds.core / speeds.visitor / share),
        times(speeds.gpu! / speeds.visitor / share),
        whole(speeds.gpu! / speeds.core),
        whole(cost.coreSeconds),
        `${dollars(cost.coreDollars)} to ${dollars(dedicated)}`,
        dollars(cost.gpuDollars),
      ]
    }),
  )
}

function coreSecondsOf(equix: Speeds, sha256: Speeds): Worth {
  return ({ algorithm, effort }) => (effort * COUNT) / (algorithm === 'equix' ? equix : sha256).core
}

/** What a way costs: seconds of a core on average for a token, pictures for it, dollars for people. */
interface Way {
  name: string
  coreSeconds(meeting: Meeting): number | null
  pictures: number
  hired?: number
}

function ourWays(equix: Speeds, sha256: Speeds): string[] {
  const worth = coreSecondsOf(equix, sha256)
  const chain = (name: string, hits: number, relief: Relief, hired?: number): Way => ({
    name,
    coreSeconds: (meeting) => costPerToken(pictures(meeting, relief, worth), hits),
    pictures: 1 / hits,
    hired,
  })
  const ways: Way[] = [
    {
      name: 'work alone, where no puzzle is asked (`checkbox`)',
      coreSeconds: (meeting) => workAlone(meeting, 'checkbox', worth),
      pictures: 0,
    },
    { name: 'patience', coreSeconds: (meeting) => patience(meeting, worth), pictures: 0 },
    chain('pictures, guessed (25 %)', HITS.guessed, 0),
    chain('pictures, our best program (73 %)', HITS.ranked, 0),
    {
      name: 'the same, if it knew beforehand when it is right',
      coreSeconds: (meeting) => costPerTokenForesighted(pictures(meeting, 0, worth), HITS.ranked),
      pictures: 1 / HITS.ranked,
    },
    chain('pictures, people (taken for 90 %)', HITS.people, 0, PRICES.farm.value),
    chain('made lighter once, guessed', HITS.guessed, 1),
    chain('made lighter once, our best program', HITS.ranked, 1),
    chain('made lighter twice, guessed', HITS.guessed, 2),
    chain('made lighter twice, our best program', HITS.ranked, 2),
  ]
  return table(
    'The ways through One Captcha, default policy, by the pressure of one’s network',
    [
      '',
      'pictures',
      ...PRESSURES.map((p) => `core-seconds, ×${p}`),
      ...PRESSURES.map((p) => `$, ×${p}`),
    ],
    ways.map(({ name, coreSeconds, pictures, hired = 0 }) => {
      const seconds = PRESSURES.map((network) => coreSeconds(meetingAt(network)))
      return [
        name,
        whole(pictures * 1_000),
        ...seconds.map((s) => (s === null ? '–' : digits(s * 1_000))),
        ...seconds.map((s) =>
          s === null ? '–' : dollars(dollarsFor(s * 1_000, RENTS.core) + hired * pictures),
        ),
      ]
    }),
  )
}

function floods(equix: Speeds, sha256: Speeds): string[] {
  const worth = coreSecondsOf(equix, sha256)
  const chain = (name: string, relief: Relief, hits: number) => ({
    name,
    cost: (tokens: number) =>
      picturesFromOneNetwork(tokens, DEFAULT_POLICY, { relief, hits }, worth),
  })
  const ways = [
    {
      name: 'patience',
      cost: (tokens: number) => patienceFromOneNetwork(tokens, DEFAULT_POLICY, worth),
    },
    chain('pictures, guessed', 0, HITS.guessed),
    chain('pictures, our best program', 0, HITS.ranked),
    chain('made lighter once, guessed', 1, HITS.guessed),
    chain('made lighter once, our best program', 1, HITS.ranked),
    chain('made lighter twice, guessed', 2, HITS.guessed),
    chain('made lighter twice, our best program', 2, HITS.ranked),
  ]
  return table(
    'Tokens through one network: core-seconds for 1,000, under the pressure that they bring about',
    ['', ...FLOODS.map((tokens) => `${whole(tokens)} in ten minutes`)],
    ways.map(({ name, cost }) => [
      name,
      ...FLOODS.map((tokens) => {
        const seconds = cost(tokens)
        return seconds === null ? 'refused' : digits(seconds * 1_000)
      }),
    ]),
  )
}

function ourVisitors(equix: Speeds): string[] {
  const machines = { desktop: 1, ...PHONES }
  const rows = PRESSURES.flatMap((network) =>
    Object.entries(machines).map(([machine, share]) => {
      const worth = ({ effort }: Price) => ((effort * COUNT) / (equix.visitor * share)) * 1_000
      const meeting = meetingAt(network)
      const plain = pictures(meeting, 0, worth)
      const lighter = pictures(meeting, 1, worth)
      return [
        `${machine}, ×${network}`,
        time(plain.first),
        time(plain.first + plain.pictures[0]!),
        time(patience(meeting, worth)),
        time(lighter.first + lighter.pictures[0]!),
      ]
    }),
  )
  return table(
    'What a visitor waits for, one thread; the second work of a picture runs while it is being solved',
    ['', 'first work', 'with one picture', 'patience', 'one picture, made lighter once'],
    rows,
  )
}

/** The other figures of `docs/economics.md`. */
function beside(equix: Speeds, sha256: Speeds): string[] {
  const coreSecondsOfFarm = (PRICES.farm.value / 1_000 / RENTS.core) * 3_600
  const calm = meetingAt(1)
  const worth = coreSecondsOf(equix, sha256)
  const paidFor = (relief: Relief) =>
    digits((pictures(calm, relief, worth).first * 1_000) / PICTURE_MS)
  const proxied = (share: number) =>
    ((TOKEN_BYTES + share * PICTURE_BYTES) * 1_000 * PRICES.proxy.value) / 1e9
  return table(
    'Beside them',
    ['', ''],
    [
      [
        'Equi-X on a card, by an open program, in cores',
        whole(PRICES.equixCardOpen.value / equix.core),
      ],
      ['cores that one card costs as much as, shared', whole(RENTS.gpu / RENTS.core)],
      ['… dedicated', whole(RENTS.gpu / PRICES.dedicatedCore.value)],
      [
        'a visitor’s wait for work that costs as much as a farm’s picture',
        time((coreSecondsOfFarm * equix.core * 1_000) / equix.visitor),
      ],
      [
        'work before a picture, beside what painting it costs the service',
        `${paidFor(0)}; made lighter once ${paidFor(1)}, twice ${paidFor(2)}`,
      ],
      [
        '1,000 tokens through residential addresses',
        `${dollars(proxied(0))}; with pictures, by our best program, ${dollars(proxied(1 / HITS.ranked))}`,
      ],
    ],
  )
}

function published(): string[] {
  return table(
    'Figures of others',
    ['', 'counted as', 'found', 'from'],
    Object.values(PRICES).map(({ value, unit, what, source, date }: Published) => [
      what,
      `${Number(value.toPrecision(4)).toLocaleString('en')} ${unit}`,
      date,
      source,
    ]),
  )
}

function meetingAt(network: number): Meeting {
  return { policy: DEFAULT_POLICY, pressure: { network, site: 0 } }
}

/** What a cell with a number begins with, or with what stands in its place. */
const NUMBER = /^(\d|<|–|\?|about|refused)/

function table(title: string, head: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) =>
    i > 0 && rows.every((cells) => NUMBER.test(cells[i]!)) ? '---:' : '---',
  )
  return [`#### ${title}`, '', line(head), line(rule), ...rows.map(line), '']
}

const digits = (n: number) => Number(n.toPrecision(2)).toLocaleString('en')
const whole = (n: number) =>
  Number(n.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 0 })
const times = (n: number) => `${digits(n)} ×`

function dollars(n: number | null): string {
  if (n === null) return '?'
  if (n < 1e-5) return '< 0.00001'
  return Number(n.toPrecision(2)).toFixed(Math.max(2, 1 - Math.floor(Math.log10(n))))
}

function time(ms: number): string {
  if (ms < 1_000) return `${digits(ms)} ms`
  return ms < 60_000 ? `${digits(ms / 1_000)} s` : `${digits(ms / 60_000)} min`
}
