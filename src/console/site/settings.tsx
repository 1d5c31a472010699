import { ON_FAILURES, POLICY_LIMITS, THEMES } from '../../core/policy.ts'
import { MODES } from '../../core/site.ts'
import type { SiteView } from '../../manage/manage.ts'
import { reaches } from '../../manage/may.ts'
import { Area, Checks, Field, Form, Radios, Select } from '../fields.tsx'
import { Mistaken, type Form as Sent } from '../form.ts'
import { page, type Scope } from '../http.tsx'
import { Ask, Callout, Card, Danger } from '../parts.tsx'
import { go, useVisit } from '../visit.ts'
import { FAILURE_CHOICES, MODE_CHOICES, nameOf, THEME_CHOICES } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'
import { readHosts } from './hosts.ts'

const KIND_WORDS: Record<string, string> = { slider: 'Fit a piece into a picture' }

/** What a site's owners decide about it, and the end of it. */
export function settingsPage(scope: Scope) {
  const puzzles = [...scope.context.tools.kinds.keys()].filter((kind) => kind !== 'pow')

  page(scope, '/sites/:sitekey/settings', {
    get: async (visit) => <Settings site={await siteOf(visit)} puzzles={puzzles} />,
    post: {
      settings: async (visit) => {
        const { context, actor, params, form } = visit
        const revision = Number(form.text('revision')) || undefined
        await context.manage.setSite(actor, params.sitekey!, readSettings(form, puzzles), revision)
        return go(visit.url, 'site-saved')
      },
      remove: async ({ context, actor, params, form }) => {
        const site = await context.manage.site(actor, params.sitekey!)
        if (form.text('name') !== nameOf(site))
          throw new Mistaken({ name: `Please type ${nameOf(site)}, just as it is written here.` })
        await context.manage.removeSite(actor, site.sitekey)
        return go('/console', 'site-removed')
      },
      leave: async ({ context, actor, params }) => {
        await context.manage.removeMember(actor, params.sitekey!, actor.account.id)
        return go('/console', 'site-left')
      },
    },
  })
}

function Settings({ site, puzzles }: { site: SiteView; puzzles: string[] }) {
  if (!reaches(site.role, 'developer')) {
    return (
      <SiteFrame site={site} tab="/settings">
        <Callout kind="info">As a viewer you can look, but not change the settings.</Callout>
        <Leave site={site} />
      </SiteFrame>
    )
  }
  return (
    <SiteFrame site={site} tab="/settings">
      <Form name="settings">
        <input type="hidden" name="revision" value={site.revision} />
        <Card title="The site">
          <Field
            name="name"
            label="Name"
            value={site.name}
            maxLength={80}
            autocomplete="off"
            required={false}
          />
          <Area
            name="hosts"
            label="Host names"
            value={site.hosts.join('\n')}
            rows={Math.min(8, site.hosts.length + 1)}
            spellcheck={false}
            hint={
              <>
                One a line. Only pages there can use the sitekey. <code>*.example.org</code> stands
                for all names below it, but not for <code>example.org</code> itself.
              </>
            }
          />
        </Card>
        <Card title="What visitors meet">
          <Radios name="mode" label="Mode" choices={MODE_CHOICES} value={site.mode} />
          <Select name="theme" label="Looks" choices={THEME_CHOICES} value={site.theme} />
          {puzzles.length > 1 && (
            <Checks
              name="kinds"
              label="Puzzles"
              hint="None chosen means any."
              choices={puzzles.map((kind) => ({ value: kind, label: KIND_WORDS[kind] ?? kind }))}
              values={site.kinds}
            />
          )}
          <Field
            name="waitS"
            label="How long a visitor’s machine may work"
            hint="Where it would take longer, the visitor may choose a puzzle with less work instead."
            unit="seconds"
            value={site.waitMs / 1000}
            inputMode="numeric"
          />
          <Field
            name="noscriptPerHour"
            label="Tokens without JavaScript"
            hint="For pages that show the frame for browsers without scripts: so many at the most, by a picture, and as many by waiting. 0 switches it off; 60 is enough for most sites."
            unit="an hour"
            value={site.noscriptPerHour}
            inputMode="numeric"
          />
        </Card>
        <Card title="How hard it is">
          <Field
            name="effortFloor"
            label="Work on a calm day"
            hint="8 is about half a second on one thread of a desktop. Twice the effort takes twice as long."
            unit="effort"
            value={site.effortFloor}
            inputMode="numeric"
          />
          <Field
            name="effortCeiling"
            label="Work at the most"
            hint="However much pressure there is."
            unit="effort"
            value={site.effortCeiling}
            inputMode="numeric"
          />
          <Field
            name="tokenLifeS"
            label="How long a token may live"
            hint="A page may ask for less. A token is good once in any case."
            unit="seconds"
            value={site.tokenLifeMs / 1000}
            inputMode="numeric"
          />
          <Radios
            name="onFailure"
            label="If the service cannot answer, your backend should"
            hint="Advice for your own code: the examples on the install page follow it."
            choices={FAILURE_CHOICES}
            value={site.onFailure}
          />
        </Card>
        <button type="submit">Save</button>
      </Form>
      {reaches(site.role, 'owner') ? <Remove site={site} /> : <Leave site={site} />}
    </SiteFrame>
  )
}

function Remove({ site }: { site: SiteView }) {
  const { form } = useVisit()
  return (
    <Danger title="Delete this site">
      <p>
        Its sitekey and its secrets are refused at once, on every node, and forms that carry its
        widget can no longer be sent. Its members, its numbers and its settings are deleted. This
        cannot be undone.
      </p>
      <Ask what="Delete this site…" open={form.name === 'remove'}>
        <Form name="remove">
          <Field
            name="name"
            label={`Type ${nameOf(site)} to show that you mean it`}
            autocomplete="off"
            spellcheck={false}
          />
          <button type="submit" class="danger">
            Delete {nameOf(site)} for good
          </button>
        </Form>
      </Ask>
    </Danger>
  )
}

function Leave({ site }: { site: SiteView }) {
  return (
    <Danger title="Leave this site">
      <p>
        You lose your role as {site.role}. The site goes on without you; to come back you need an
        invitation.
      </p>
      <Ask what="Leave this site…">
        <Form name="leave">
          <button type="submit" class="danger">
            Leave {nameOf(site)}
          </button>
        </Form>
      </Ask>
    </Danger>
  )
}

function readSettings(form: Sent, puzzles: readonly string[]) {
  const mistakes: Record<string, string> = {}
  const whole = (field: string, [from, to]: readonly [number, number], unitMs = 1) => {
    const text = form.text(field)
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
    const [least, most] = [from / unitMs, to / unitMs]
    if (!(value >= least && value <= most))
      mistakes[field] = `Please give a whole number from ${least} to ${most}.`
    return value * unitMs
  }
  const oneOf = <T extends string>(field: string, choices: readonly T[]): T => {
    const value = choices.find((choice) => choice === form.text(field))
    if (!value) mistakes[field] = 'Please choose one.'
    return value ?? choices[0]!
  }
  const { hosts, mistake } = readHosts(form.text('hosts'))
  if (mistake) mistakes.hosts = mistake
  const settings = {
    name: form.text('name'),
    hosts,
    mode: oneOf('mode', MODES),
    theme: oneOf('theme', THEMES),
    onFailure: oneOf('onFailure', ON_FAILURES),
    waitMs: whole('waitS', POLICY_LIMITS.waitMs, 1000),
    tokenLifeMs: whole('tokenLifeS', POLICY_LIMITS.tokenLifeMs, 1000),
    effortFloor: whole('effortFloor', POLICY_LIMITS.effortFloor),
    effortCeiling: whole('effortCeiling', POLICY_LIMITS.effortCeiling),
    noscriptPerHour: whole('noscriptPerHour', POLICY_LIMITS.noscriptPerHour),
    kinds: puzzles.length > 1 ? form.list('kinds') : undefined,
  }
  if (settings.effortFloor > settings.effortCeiling)
    mistakes.effortCeiling = 'This must not be less than the work on a calm day.'
  if (Object.keys(mistakes).length > 0) throw new Mistaken(mistakes)
  return settings
}
