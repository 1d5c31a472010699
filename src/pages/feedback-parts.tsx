import type { ComponentChildren } from 'preact'
import { type Finding, piecesOf, wordsOf } from '../feedback/personal.ts'
import { minuteOf } from '../moments.ts'
import { BANG, CLOCK, Icon } from './mark.tsx'

/** What each kind of feedback is called. */
export const KINDS = {
  service: { words: 'The service', hint: 'What works, what does not, what is missing.' },
  terms: { words: 'The Terms', hint: 'What they say, or how; a clause of them, if you like.' },
  security: { words: 'A weakness', hint: 'Something by which the service could be harmed.' },
  abuse: { words: 'Abuse', hint: 'Somebody who uses the service to do harm.' },
} as const

/** What each state is called, to those who sent it. */
export const STATES = {
  new: 'Not read yet',
  open: 'Being looked at',
  answered: 'Answered',
  closed: 'Closed',
} as const

/** Says at the top what is to be done: a page that came back looks much like the one that was sent. */
export function Alert({
  title,
  calm,
  children,
}: {
  title: string
  /** Nothing is wrong. */
  calm?: boolean
  children?: ComponentChildren
}) {
  return (
    <div class={calm ? 'summary calm' : 'summary'} role="alert" tabIndex={-1} autofocus>
      <Icon path={calm ? CLOCK : BANG} />
      <div class="said">
        <p>
          <strong>{title}</strong>
        </p>
        {children}
      </div>
    </div>
  )
}

export function Mistake({ id, children }: { id: string; children: string | undefined }) {
  if (!children) return null
  return (
    <p class="mistake" id={`${id}-mistake`}>
      <Icon path={BANG} />
      {children}
    </p>
  )
}

/** What somebody wrote, as they wrote it: in their direction, with their lines, and as nothing but text. */
export function Written({ text }: { text: string }) {
  return (
    <p class="written" dir="auto">
      {text}
    </p>
  )
}

/**
 * What looks personal, told in words, and marked where it stands; and what can be done about it.
 *
 * @param form the id of the form that is sent
 */
export function Question({
  text,
  findings,
  form,
}: {
  text: string
  findings: readonly Finding[]
  form: string
}) {
  return (
    <Alert title="Some of it looks personal. Nothing is kept yet.">
      <ul>
        {findings.map(({ kind, from, to }) => (
          <li>
            {capital(wordsOf(kind))}: <bdi>{text.slice(from, to)}</bdi>
          </li>
        ))}
      </ul>
      <p class="written" dir="auto">
        {piecesOf(text, findings).map(({ text: piece, kind }) =>
          kind === null ? piece : <mark>{piece}</mark>,
        )}
      </p>
      <p>
        Whoever runs this service will read it. Would you like to take that out, or is it meant?
      </p>
      <div class="again">
        <button type="submit" form={form} name="personal" value="redact">
          Take it out and send
        </button>
        <button type="submit" form={form} name="personal" value="keep" class="quiet">
          Send it as it is
        </button>
      </div>
      <p class="hint">You can also change the text below first.</p>
    </Alert>
  )
}

function capital(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1)
}

/** A moment, in UTC. */
export function When({ at }: { at: number }) {
  return <time dateTime={new Date(at).toISOString()}>{minuteOf(at)} UTC</time>
}
