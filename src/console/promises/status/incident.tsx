import { readMinute } from '../../../moments.ts'
import type { Component } from '../../../status/components.ts'
import { CAUSES, durationOf, IMPACTS, STATES } from '../../../status/standing.ts'
import {
  CAUSE_WORDS,
  componentWords,
  IMPACT_WORDS,
  lastingWords,
  STATE_WORDS,
} from '../../../status/words.ts'
import type { Incident, IncidentState } from '../../../store/store.ts'
import { Area, Checks, Field, Form, Select } from '../../fields.tsx'
import type { Form as Sent } from '../../form.ts'
import { page, type Scope } from '../../http.tsx'
import { Badge, Callout, Card, Facts, When } from '../../parts.tsx'
import { go } from '../../visit.ts'
import { PromisesFrame } from '../frame.tsx'
import { typed } from '../moments.ts'
import { COMPONENT_CHOICES, TAB } from './choices.ts'

/** Where an incident is opened, and told of until it is resolved. */
export function incidentPages(scope: Scope) {
  const { status } = scope.context

  page(scope, '/promises/status/incidents/add', {
    operator: true,
    get: ({ now }) => <Add now={now} />,
    post: {
      open: async ({ actor, form }) => {
        const startedAt = form.text('startedAt') ? readMinute(form.text('startedAt')) : undefined
        const order = { ...factsIn(form), title: form.text('title'), startedAt }
        const { id } = await status.open(actor, order)
        return go(`${TAB}/incidents/${id}`, 'incident-opened')
      },
    },
  })

  page(scope, '/promises/status/incidents/:id', {
    operator: true,
    get: async ({ actor, params, now }) => (
      <One incident={await status.incident(actor, params.id!)} now={now} />
    ),
    post: {
      update: async ({ actor, params, form, url }) => {
        await status.update(actor, params.id!, factsIn(form))
        return go(url, 'incident-updated')
      },
    },
  })
}

/** What a form says of how it stands; the deed itself decides whether it can be. */
function factsIn(form: Sent) {
  return {
    ...{ state: form.text('state') as IncidentState, body: form.text('body') },
    impact: form.text('impact') as Incident['impact'],
    cause: form.text('cause') as Incident['cause'],
    components: form.list('components') as Component[],
  }
}

const choices = <Value extends string>(values: readonly Value[], words: Record<Value, string>) =>
  values.map((value) => ({ value, label: words[value] }))

/** What can be said anew with each update. */
function Now({ incident, next }: { incident: Partial<Incident>; next: IncidentState }) {
  return (
    <>
      <Area
        name="body"
        label="What is to be said"
        hint="What is seen, what is done about it, and when there is more. No names, no addresses."
        rows={4}
      />
      <div class="two">
        <Select
          name="state"
          label="How it stands"
          choices={choices(STATES, STATE_WORDS)}
          value={next}
        />
        <Select
          name="impact"
          label="Impact"
          choices={choices(IMPACTS, IMPACT_WORDS)}
          value={incident.impact ?? 'minor'}
        />
      </div>
      <Select
        name="cause"
        label="Cause"
        choices={choices(CAUSES, CAUSE_WORDS)}
        value={incident.cause ?? 'unknown'}
      />
      <Checks
        name="components"
        label="Parts of the service"
        choices={COMPONENT_CHOICES}
        values={incident.components ?? []}
      />
    </>
  )
}

function Add({ now }: { now: number }) {
  return (
    <PromisesFrame tab={TAB} title="Open an incident">
      <Card>
        <Form name="open">
          <Field
            name="title"
            label="What is wrong"
            hint="One line for everybody, such as: Letters are late."
            maxLength={120}
          />
          <Field
            name="startedAt"
            label="Began (UTC)"
            type="datetime-local"
            value={typed(now).replace(' ', 'T')}
          />
          <Now incident={{}} next="investigating" />
          <button type="submit">Open and tell</button>
        </Form>
      </Card>
    </PromisesFrame>
  )
}

function One({ incident, now }: { incident: Incident; now: number }) {
  const { id, title, impact, cause, components, startedAt, resolvedAt, updates } = incident
  const { state } = updates[0]!
  return (
    <PromisesFrame tab={TAB} title={title}>
      <Card title="How it stands" aside={<a href={`/status#${id}`}>As everybody sees it</a>}>
        <Facts
          facts={[
            ['Standing', <Badge state={state} />],
            ['Began', <When at={startedAt} />],
            [resolvedAt === null ? 'Lasts' : 'Took', lastingWords(durationOf(incident, now))],
            ['Impact', IMPACT_WORDS[impact]],
            ['Cause', CAUSE_WORDS[cause]],
            ['Parts', componentWords(components)],
          ]}
        />
      </Card>
      {resolvedAt === null ? (
        <Card title="Tell more" lead="It goes to everybody who has an account.">
          <Form name="update">
            <Now incident={incident} next={state} />
            <button type="submit">Tell everybody</button>
          </Form>
        </Card>
      ) : (
        <Callout kind="info">
          It is resolved. What comes up again is another incident:{' '}
          <a href={`${TAB}/incidents/add`}>open one</a>.
        </Callout>
      )}
      <Card title="What was said">
        <ol class="bare">
          {updates.map((update) => (
            <li>
              <Badge state={update.state} /> <When at={update.at} />
              <p class="lines">{update.body}</p>
            </li>
          ))}
        </ol>
      </Card>
    </PromisesFrame>
  )
}
