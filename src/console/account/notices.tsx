import type { ComponentChildren } from 'preact'
import type { NoticeKind, OptionalKind } from '../../notices/notice.ts'
import type { Webhook } from '../../store/store.ts'
import { Checks, type Choice, Field, Form } from '../fields.tsx'
import { Mistaken } from '../form.ts'
import { Frame } from '../frame.tsx'
import { page, type Scope } from '../http.tsx'
import { Ask, Badge, Callout, Card, Copyable, When } from '../parts.tsx'
import { go, useVisit, type Visit } from '../visit.ts'

const PATH = '/console/account/notices'

const LETTERS: Record<OptionalKind, Choice> = {
  maintenance: {
    value: 'maintenance',
    label: 'Maintenance',
    hint: 'ahead of it, and when it is over',
  },
  incident: { value: 'incident', label: 'Incidents', hint: 'when something went wrong' },
  alert: { value: 'alert', label: 'Alerts', hint: 'what operators should look at' },
}

const KINDS: Record<NoticeKind, string> = {
  terms: 'Terms',
  maintenance: 'Maintenance',
  incident: 'Incidents',
  breach: 'Breaches that concern you',
  account: 'Changes of your account',
  feedback: 'Answers to feedback',
  alert: 'Alerts for operators',
}

interface NoticesProps {
  choices: readonly { kind: OptionalKind; wanted: boolean }[]
  webhooks: readonly Webhook[]
  kinds: readonly NoticeKind[]
}

/** What somebody is told, and by which way. */
export function noticesPages(scope: Scope) {
  const { notices } = scope.context

  page(scope, '/account/notices', {
    get: look,
    post: {
      letters: async ({ actor, form }) => {
        await notices.setChoices(actor, form.list('letters'))
        return go(PATH, 'letters-saved')
      },
      add: async ({ actor, form }) => {
        const kinds = form.list('kinds')
        if (kinds.length === 0) throw new Mistaken({ kinds: 'Please choose at least one.' })
        const { webhook, secret } = await notices.addWebhook(actor, {
          url: form.text('url'),
          kinds,
        })
        return { show: <Added webhook={webhook} secret={secret} />, status: 201 }
      },
      kinds: async ({ actor, form }) => {
        await notices.setWebhook(actor, form.text('id'), { kinds: form.list('kinds') })
        return go(PATH, 'webhook-saved')
      },
      on: async ({ actor, form }) => {
        await notices.setWebhook(actor, form.text('id'), { state: 'on' })
        return go(PATH, 'webhook-on')
      },
      test: async ({ actor, form }) => {
        const { fault } = await notices.tryWebhook(actor, form.text('id'))
        if (fault !== null) throw new Mistaken({ '': `The test was not taken. ${fault}` })
        return go(PATH, 'webhook-tested')
      },
      remove: async ({ actor, form }) => {
        await notices.removeWebhook(actor, form.text('id'))
        return go(PATH, 'webhook-removed')
      },
    },
  })

  async function look({ actor }: Visit) {
    const [choices, webhooks] = await Promise.all([notices.choices(actor), notices.webhooks(actor)])
    return <Notices {...{ choices, webhooks, kinds: notices.kinds(actor) }} />
  }
}

function Notices({ choices, webhooks, kinds }: NoticesProps) {
  const { who, context } = useVisit()
  const { email } = who!.account
  return (
    <NoticesFrame title="Notices">
      <Card
        title="By mail"
        lead={
          email === null
            ? 'You have given no address, so you get no letters. Webhooks, and what this console says at its top, tell you the same.'
            : `To ${email}. Changes of the Terms, breaches that concern you, and changes of your account always come: they are part of the agreement.`
        }
      >
        {email === null ? (
          context.accounts.canMail && (
            <p>
              <a href="/console/account">Give an address</a>
            </p>
          )
        ) : (
          <Form name="letters">
            <Checks
              name="letters"
              label="Also write to me about"
              choices={choices.map(({ kind }) => LETTERS[kind])}
              values={choices.filter(({ wanted }) => wanted).map(({ kind }) => kind)}
            />
            <button type="submit">Save</button>
          </Form>
        )}
      </Card>
      {webhooks.map((webhook) => (
        <One webhook={webhook} kinds={kinds} />
      ))}
      <Card
        title={webhooks.length === 0 ? 'By webhook' : 'One more webhook'}
        lead="Your own program is told what you are told, at once: a signed POST to an address of yours."
      >
        <Form name="add">
          <Field
            name="url"
            label="Address"
            hint="It begins with https:// and is on the public internet."
            maxLength={500}
            autocomplete="off"
            spellcheck={false}
          />
          <Checks name="kinds" label="It is told of" choices={choicesOf(kinds)} values={kinds} />
          <button type="submit">Add the webhook</button>
        </Form>
      </Card>
    </NoticesFrame>
  )
}

function One({ webhook, kinds }: { webhook: Webhook; kinds: readonly NoticeKind[] }) {
  const { id, url, state, why, createdAt } = webhook
  const host = new URL(url).host
  return (
    <Card title={host} aside={<Badge state={state === 'on' ? 'active' : 'off'} />}>
      {state === 'off' && (
        <Callout kind="warning">
          It is off. {why} Mend what it leads to, send it a test, then turn it on again.
        </Callout>
      )}
      <p>
        <code class="long">{url}</code>
      </p>
      <p class="hint">
        Told of {webhook.kinds.map((kind) => KINDS[kind].toLowerCase()).join(', ')}; since{' '}
        <When at={createdAt} />
      </p>
      <div class="row">
        <Form name="test" plain>
          <input type="hidden" name="id" value={id} />
          <button type="submit" class="quiet small">
            Send a test<span class="unseen"> to {host}</span>
          </button>
        </Form>
        {state === 'off' && (
          <Form name="on" plain>
            <input type="hidden" name="id" value={id} />
            <button type="submit" class="quiet small">
              Turn it on<span class="unseen">: {host}</span>
            </button>
          </Form>
        )}
      </div>
      <Ask what="Change what it is told…">
        <Form name="kinds" plain>
          <input type="hidden" name="id" value={id} />
          <fieldset class="field">
            <legend>{host} is told of</legend>
            <div class="choices">
              {choicesOf(kinds).map(({ value, label }) => (
                <label class="choice">
                  <input
                    type="checkbox"
                    name="kinds"
                    value={value}
                    checked={webhook.kinds.some((kind) => kind === value)}
                  />
                  <span>{label}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <button type="submit">Save</button>
        </Form>
      </Ask>
      <Ask what="Remove it…">
        <p>Nothing more is sent there, and its secret is forgotten.</p>
        <Form name="remove" plain>
          <input type="hidden" name="id" value={id} />
          <button type="submit" class="danger small">
            Remove {host}
          </button>
        </Form>
      </Ask>
    </Card>
  )
}

function choicesOf(kinds: readonly NoticeKind[]): Choice[] {
  return kinds.map((kind) => ({ value: kind, label: KINDS[kind] }))
}

function Added({ webhook, secret }: { webhook: Webhook; secret: string }) {
  return (
    <NoticesFrame title="The webhook is added">
      <Callout kind="warning">
        <strong>Keep the secret now.</strong> It is shown this once, and cannot be had again.
      </Callout>
      <Card
        title="Secret"
        lead="With it your program finds out whether what it got is from here: any library for Standard Webhooks takes it as it is."
      >
        <Copyable text={secret} label="the secret" />
      </Card>
      <Card title="Try it">
        <Form name="test" action={PATH}>
          <input type="hidden" name="id" value={webhook.id} />
          <button type="submit">Send a test</button>
        </Form>
        <p>
          <a href={PATH}>I have kept it</a>
        </p>
      </Card>
    </NoticesFrame>
  )
}

function NoticesFrame({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Frame title={title} here="account" under={{ path: '/console/account', words: 'Account' }}>
      {children}
    </Frame>
  )
}
