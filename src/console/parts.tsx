import type { ComponentChildren } from 'preact'
import { AS } from '../pages/table-roles.ts'
import { Draw, type Drawing } from './icons.tsx'
import { useVisit } from './visit.ts'

interface CardProps {
  title?: ComponentChildren
  /** A sentence under the title. */
  lead?: ComponentChildren
  /** Beside the title. */
  aside?: ComponentChildren
  id?: string
  /** In danger's outline. */
  danger?: boolean
  children?: ComponentChildren
}

/** A part of a page. */
export function Card({ title, lead, aside, id, danger, children }: CardProps) {
  return (
    <section class={danger ? 'card danger' : 'card'} id={id}>
      {title && (
        <div class="card-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {lead && <p class="hint">{lead}</p>}
      {children}
    </section>
  )
}

const NOTICES = { success: 'tick', warning: 'bang', info: 'info', danger: 'bang' } as const

/** A sentence that somebody should see. */
export function Callout({
  kind,
  children,
}: {
  kind: keyof typeof NOTICES
  children: ComponentChildren
}) {
  return (
    <div class={`notice ${kind}`} role={kind === 'success' ? 'status' : undefined}>
      <Draw what={NOTICES[kind]} />
      <div>{children}</div>
    </div>
  )
}

/** Says at the top what is to be done below: a page that came back looks much like the one that was sent. */
export function Summary() {
  const { form } = useVisit()
  if (form.mistakes.size === 0) return null
  const beside = [...form.mistakes].filter(([field]) => field !== '')
  const whole = form.mistakes.get('')
  return (
    <div class="summary" role="alert" tabIndex={-1} autofocus>
      <Draw what="bang" />
      <div>
        {whole && <p>{whole}</p>}
        {beside.length > 0 && (
          <p>
            <strong>Almost there.</strong> What you typed is still here.
          </p>
        )}
        {beside.length > 0 && (
          <ul>
            {beside.map(([field, mistake]) => (
              <li>
                <a href={`#${form.name}-${field}`}>{mistake}</a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

interface EmptyProps {
  title: string
  /** The next step: a link that looks like a button, or a form. */
  action?: ComponentChildren
  children: ComponentChildren
}

/** There is nothing yet: says what this is for, and what to do next. */
export function Empty({ title, action, children }: EmptyProps) {
  return (
    <div class="card empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}

interface AskProps {
  /** What it is called, such as `Delete this site`. */
  what: string
  /** What will happen, and the form that does it. */
  children: ComponentChildren
  open?: boolean
}

/** Something that is asked about first: what will happen, and only then the button that does it. Works without a script. */
export function Ask({ what, children, open }: AskProps) {
  return (
    <details class="ask" open={open}>
      <summary>{what}</summary>
      <div class="asked">{children}</div>
    </details>
  )
}

/** What cannot be undone, at the end of a page. */
export function Danger({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Card title={title} danger>
      {children}
    </Card>
  )
}

/** A text that is to be copied whole. The button is there once a script can copy. */
export function Copyable({ text, label, block }: { text: string; label: string; block?: boolean }) {
  return (
    <div class={block ? 'copyable block' : 'copyable'}>
      {block ? (
        <pre>
          <code>{text}</code>
        </pre>
      ) : (
        <code>{text}</code>
      )}
      <button type="button" class="quiet small" data-copy={text} hidden>
        Copy<span class="unseen"> {label}</span>
      </button>
    </div>
  )
}

/** A moment: in UTC as it is sent, in the reader's zone once a script runs. */
export function When({ at, day }: { at: number; day?: boolean }) {
  const iso = new Date(at).toISOString()
  const text = day ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
  return (
    <time dateTime={day ? text : iso} title={day ? 'A day in UTC' : `${text}`} data-day={day}>
      {text}
    </time>
  )
}

/** A day as the store keeps it: days since 1970 (UTC). */
export function Day({ day }: { day: number }) {
  return <When at={day * 86_400_000} day />
}

const BADGES: Record<string, [Drawing, string]> = {
  active: ['tick', 'Active'],
  suspended: ['pause', 'Suspended'],
  terminated: ['end', 'Ended'],
  new: ['info', 'New'],
  open: ['clock', 'Open'],
  answered: ['tick', 'Answered'],
  closed: ['end', 'Closed'],
  ended: ['end', 'Ended'],
  off: ['pause', 'Off'],
  ending: ['clock', 'Ending'],
  good: ['tick', 'Works'],
  doubtful: ['bang', 'Look at it'],
  bad: ['bang', 'Does not answer'],
  scheduled: ['clock', 'Scheduled'],
  'in-progress': ['pause', 'In progress'],
  completed: ['tick', 'Completed'],
  cancelled: ['end', 'Cancelled'],
  investigating: ['bang', 'Investigating'],
  identified: ['bang', 'Identified'],
  monitoring: ['clock', 'Monitoring'],
  resolved: ['tick', 'Resolved'],
}

/** A state, told by a drawing and a word and only then by a colour. */
export function Badge({ state, children }: { state: string; children?: ComponentChildren }) {
  const [drawing, word] = BADGES[state] ?? ['info', state]
  return (
    <span class={`badge ${state}`}>
      <Draw what={drawing} />
      {children ?? word}
    </span>
  )
}

interface Tab {
  path: string
  words: string
}

/** Links to the pages beside this one. */
export function Tabs({ label, tabs, here }: { label: string; tabs: readonly Tab[]; here: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ path, words }) => (
        <a href={path} aria-current={path === here ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  )
}

export interface Column<Row> {
  title: string
  cell: (row: Row) => ComponentChildren
  /** Numbers stand at the right. */
  number?: boolean
  /** For a column of buttons: its title is only read out. */
  quiet?: boolean
}

interface TableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
}

/** A table; on a phone each row becomes a card. */
export function Table<Row>({ caption, columns, rows }: TableProps<Row>) {
  return (
    <table class="rows" {...AS.table}>
      <caption class="unseen">{caption}</caption>
      <thead {...AS.group}>
        <tr {...AS.row}>
          {columns.map(({ title, number, quiet }) => (
            <th scope="col" {...AS.head} class={number ? 'number' : undefined}>
              {quiet ? <span class="unseen">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...AS.group}>
        {rows.map((row) => (
          <tr {...AS.row}>
            {columns.map(({ title, cell, number, quiet }) => (
              <td
                {...AS.cell}
                class={number ? 'number' : undefined}
                data-title={quiet ? undefined : title}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Names and what they are. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
