import { type BreachFacts, RISKS, type Risk } from '../../../breaches/breach.ts'
import { readMinute } from '../../../moments.ts'
import { Area, type Choice, Field, Form, Radios } from '../../fields.tsx'
import type { Form as Sent } from '../../form.ts'
import { typed } from '../moments.ts'

export const RISK_CHOICES: readonly (Choice & { value: Risk; label: string })[] = [
  { value: 'open', label: 'Not judged yet', hint: 'The clock runs meanwhile.' },
  { value: 'none', label: 'No risk to anybody', hint: 'Nobody needs to be told; say why below.' },
  { value: 'risk', label: 'A risk', hint: 'The authority must be told within 72 hours.' },
  {
    value: 'high',
    label: 'A high risk',
    hint: 'Those whom it concerns must be told too, without undue delay.',
  },
]

/** What a form says of a breach; the deed itself decides whether it can be. */
export function factsIn(form: Sent): BreachFacts {
  const text = (name: string) => form.text(name)
  const count = (name: string) => {
    const digits = text(name).replace(/[\s,.’']/g, '')
    return digits === '' ? null : /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN
  }
  return {
    title: text('title'),
    nature: text('nature'),
    noticedAt: readMinute(text('noticedAt')),
    happenedAt: text('happenedAt') === '' ? null : readMinute(text('happenedAt')),
    data: text('data'),
    people: text('people'),
    peopleCount: count('peopleCount'),
    recordsCount: count('recordsCount'),
    consequences: text('consequences'),
    measures: text('measures'),
    advice: text('advice'),
    contact: text('contact'),
    risk: RISKS.find((risk) => risk === text('risk')) ?? ('' as Risk),
    reason: text('reason'),
    // Written down with the moment at which the authority was told.
    lateReason: '',
  }
}

/** All that is known of a breach. Only its name and the moment must be there: the rest may follow. */
export function FactsForm({
  name,
  facts,
  button,
}: {
  name: string
  facts: BreachFacts
  button: string
}) {
  return (
    <Form name={name}>
      <Field
        name="title"
        label="What you call it"
        hint="One line, for operators alone."
        value={facts.title}
        autofocus={name === 'add'}
      />
      <div class="two">
        <Field
          name="noticedAt"
          label="Noticed"
          hint="In UTC, such as 2026-01-31 14:30. The 72 hours run from then on."
          value={typed(facts.noticedAt)}
        />
        <Field
          name="happenedAt"
          label="It happened, or began"
          hint="In UTC, as far as you know."
          value={typed(facts.happenedAt)}
          required={false}
        />
      </div>
      <Area
        name="nature"
        label="What happened"
        hint="In plain words, without names: those whom it concerns and the authority read it."
        value={facts.nature}
        rows={4}
      />
      <Area
        name="data"
        label="Which sorts of data"
        hint="Such as: e-mail addresses, names of sites."
        value={facts.data}
        rows={2}
      />
      <Area
        name="people"
        label="Which sorts of people"
        hint="Such as: those who have an account here."
        value={facts.people}
        rows={2}
      />
      <div class="two">
        <Field
          name="peopleCount"
          label="About how many people"
          value={facts.peopleCount ?? ''}
          inputMode="numeric"
          required={false}
          short
        />
        <Field
          name="recordsCount"
          label="About how many records"
          value={facts.recordsCount ?? ''}
          inputMode="numeric"
          required={false}
          short
        />
      </div>
      <Area
        name="consequences"
        label="What may follow from it"
        value={facts.consequences}
        rows={3}
      />
      <Area
        name="measures"
        label="What was done, and what will be"
        value={facts.measures}
        rows={3}
      />
      <Area
        name="advice"
        label="What those whom it concerns can do"
        hint="Such as: change your password where you use the same one."
        value={facts.advice}
        rows={2}
      />
      <Area
        name="contact"
        label="Where they and the authority can ask"
        hint="A name and an address: your data protection officer’s, if there is one."
        value={facts.contact}
        rows={2}
      />
      <Radios
        name="risk"
        label="Risk to the rights of those whom it concerns"
        choices={RISK_CHOICES}
        value={facts.risk}
      />
      <Area
        name="reason"
        label="Why nobody is told, or not everybody"
        hint="Needed where there is no risk, or those concerned by a high one are not told: what was lost cannot be read; the risk is gone by now; or it would take too much, and everybody is told in public (Article 34(3))."
        value={facts.reason}
        rows={2}
      />
      <button type="submit">{button}</button>
    </Form>
  )
}
