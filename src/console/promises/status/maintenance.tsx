import { readMinute } from '../../../moments.ts'
import type { Component } from '../../../status/components.ts'
import type { MaintenanceState } from '../../../status/standing.ts'
import { EFFECT_WORDS, lastingWords } from '../../../status/words.ts'
import type { Maintenance, MaintenanceWish } from '../../../store/store.ts'
import { Area, Checks, Field, Form, Radios } from '../../fields.tsx'
import type { Form as Sent } from '../../form.ts'
import { page, type Scope } from '../../http.tsx'
import { Ask, Badge, Callout, Card, Facts, When } from '../../parts.tsx'
import { go } from '../../visit.ts'
import { PromisesFrame } from '../frame.tsx'
import { typed } from '../moments.ts'
import { COMPONENT_CHOICES, TAB } from './choices.ts'

const HOUR_MS = 3_600_000

/** Where a window is announced, changed, cancelled and completed. */
export function maintenancePages(scope: Scope) {
  const { status, config } = scope.context
  const noticeHours = config.maintenanceNoticeHours

  page(scope, '/promises/status/maintenance/add', {
    operator: true,
    get: ({ now }) => <Add now={now} noticeHours={noticeHours} />,
    post: {
      announce: async ({ actor, form }) => {
        const { id } = await status.announce(actor, wishIn(form))
        return go(`${TAB}/maintenance/${id}`, 'maintenance-announced')
      },
    },
  })

  page(scope, '/promises/status/maintenance/:id', {
    operator: true,
    get: async ({ actor, params }) => (
      <One window={await status.maintenance(actor, params.id!)} noticeHours={noticeHours} />
    ),
    post: {
      change: async ({ actor, params, form, url }) => {
        const { startsAt, ...rest } = wishIn(form)
        // What has begun has no field for its beginning.
        const wish = form.has('startsAt') ? { startsAt, ...rest } : rest
        const sequence = /^\d{1,9}$/.test(form.text('sequence'))
          ? Number(form.text('sequence'))
          : -1
        await status.change(actor, params.id!, wish, sequence)
        return go(url, 'maintenance-saved')
      },
      cancel: async ({ actor, params, url }) => {
        await status.cancel(actor, params.id!)
        return go(url, 'maintenance-cancelled')
      },
      complete: async ({ actor, params, url }) => {
        await status.complete(actor, params.id!)
        return go(url, 'maintenance-completed')
      },
    },
  })
}

/** What a form says of a window; the deed itself decides whether it can be. */
function wishIn(form: Sent): MaintenanceWish {
  return {
    ...{ title: form.text('title'), body: form.text('body'), reason: form.text('reason') },
    components: form.list('components') as Component[],
    effect: form.text('effect') as MaintenanceWish['effect'],
    ...{ startsAt: readMinute(form.text('startsAt')), endsAt: readMinute(form.text('endsAt')) },
  }
}

function Add({ now, noticeHours }: { now: number; noticeHours: number }) {
  const startsAt = Math.ceil(now / HOUR_MS) * HOUR_MS + (noticeHours + 24) * HOUR_MS
  const draft: MaintenanceWish = {
    ...{ title: '', body: '', components: [], effect: 'none', reason: '' },
    ...{ startsAt, endsAt: startsAt + HOUR_MS },
  }
  return (
    <PromisesFrame tab={TAB} title="Announce maintenance">
      <Card>
        <WindowForm name="announce" wish={draft} noticeHours={noticeHours} button="Announce it" />
      </Card>
      <Callout kind="info">
        Everybody who has an account is told at once, and again a day before, as it begins, and when
        it is over.
      </Callout>
    </PromisesFrame>
  )
}

interface WindowFormProps {
  name: 'announce' | 'change'
  wish: MaintenanceWish
  noticeHours: number
  button: string
  /** Its beginning is past. */
  begun?: boolean
  sequence?: number
}

function WindowForm({ name, wish, noticeHours, button, begun, sequence }: WindowFormProps) {
  const at = (moment: number) => typed(moment).replace(' ', 'T')
  return (
    <Form name={name}>
      {sequence !== undefined && <input type="hidden" name="sequence" value={sequence} />}
      <Field
        name="title"
        label="What is done"
        hint="One line for everybody, such as: New disks for the database."
        value={wish.title}
        maxLength={120}
      />
      <Area name="body" label="More about it" hint="May stay empty." value={wish.body} rows={4} />
      <Checks
        name="components"
        label="Parts of the service"
        choices={COMPONENT_CHOICES}
        values={wish.components}
      />
      <Radios
        name="effect"
        label="Visitors"
        value={wish.effect}
        choices={[
          { value: 'none', label: 'Go on as usual', hint: EFFECT_WORDS.none },
          { value: 'paused', label: 'Are asked to come back after it', hint: EFFECT_WORDS.paused },
        ]}
      />
      <div class="two">
        {!begun && (
          <Field
            name="startsAt"
            label="Begins (UTC)"
            type="datetime-local"
            value={at(wish.startsAt)}
          />
        )}
        <Field name="endsAt" label="Ends (UTC)" type="datetime-local" value={at(wish.endsAt)} />
      </div>
      <Area
        name="reason"
        label="Why it comes so soon"
        hint={`Only where it begins in less than ${noticeHours} hours. Everybody reads it.`}
        value={wish.reason}
        rows={2}
      />
      <button type="submit">{button}</button>
    </Form>
  )
}

interface OneProps {
  window: Maintenance & { state: MaintenanceState }
  noticeHours: number
}

function One({ window, noticeHours }: OneProps) {
  const { id, title, state, startsAt, endsAt, announcedAt, sequence } = window
  const over = state === 'completed' || state === 'cancelled'
  return (
    <PromisesFrame tab={TAB} title={title}>
      <Card title="How it stands" aside={<a href={`/status#${id}`}>As everybody sees it</a>}>
        <Facts
          facts={[
            ['Standing', <Badge state={state} />],
            ['Begins', <When at={startsAt} />],
            ['Ends', <When at={window.completedAt ?? endsAt} />],
            [
              'Announced',
              <>
                <When at={announcedAt} />
                {startsAt > announcedAt && `, ${lastingWords(startsAt - announcedAt)} ahead`}
              </>,
            ],
            ['Changed so far', `${sequence} ${sequence === 1 ? 'time' : 'times'}`],
          ]}
        />
        {state === 'scheduled' && (
          <Ask what="Cancel it…">
            <p>It will not take place. Everybody is told, and calendars show it as cancelled.</p>
            <Form name="cancel" plain>
              <button type="submit" class="danger small">
                Cancel this window
              </button>
            </Form>
          </Ask>
        )}
        {state === 'in-progress' && (
          <Ask what="Complete it now…">
            <p>It is over before its time. Visitors get challenges again, and everybody is told.</p>
            <Form name="complete" plain>
              <button type="submit" class="small">
                Complete this window
              </button>
            </Form>
          </Ask>
        )}
      </Card>
      {!over && (
        <Card title="Change it" lead="Everybody is told again of what is different.">
          <WindowForm
            name="change"
            wish={window}
            noticeHours={noticeHours}
            button="Change and tell"
            begun={state === 'in-progress'}
            sequence={sequence}
          />
        </Card>
      )}
    </PromisesFrame>
  )
}
