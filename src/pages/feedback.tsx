import formbody from '@fastify/formbody'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import type { Sender } from '../feedback/feedback.ts'
import { LedgerUnavailable } from '../ledger/ledger.ts'
import { FEEDBACK_BYTES_MAX, SENDING } from '../server/feedback.ts'
import { reader } from '../server/fields.ts'
import { StoreUnavailable } from '../store/store.ts'
import { emptyForm, type FeedbackForm, type Field, readForm, wishOf } from './feedback-form.ts'
import { FeedbackPage } from './feedback-page.tsx'
import { KeptPage } from './kept-page.tsx'
import { Page, sendPage } from './page.tsx'
import { ReceiptPage } from './receipt-page.tsx'

/** What a field of the room is called in the form. */
const FIELDS: Record<string, Field> = {
  kind: 'kind',
  text: 'text',
  address: 'address',
  version: 'about',
  clause: 'about',
}

/** Where people tell the operator what they think, and read the answer. Works without a script. */
export function feedback(app: FastifyInstance, context: Context) {
  const { config } = context
  if (!config.feedback) return
  const demo = context.demo !== null
  const schema = { hide: true }

  // A scope of its own, so that no other route takes forms because of this one.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(formbody, { bodyLimit: FEEDBACK_BYTES_MAX })
    scope.setErrorHandler((error: FastifyError, request, reply) => fail(error, request, reply))

    scope.get('/feedback', { schema }, (request, reply) =>
      show(reply, emptyForm(request.query), 200),
    )
    scope.post('/feedback', { schema, bodyLimit: FEEDBACK_BYTES_MAX }, async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const form = readForm(request.body)
      if (form.mistakes['']) return show(reply, form, 422)
      try {
        const sent = await context.feedback.send(senderOf(request), wishOf(form))
        if (sent.outcome === 'kept') {
          const { receipt } = sent
          const kept = <KeptPage receipt={receipt} address={form.address.trim()} demo={demo} />
          return sendPage(reply, kept, 201)
        }
        const { outcome, text } = sent
        if (outcome === 'refused') {
          const mistakes = { 'one-captcha-response': USED }
          return show(reply, { ...form, text, token: '', ticket: '', mistakes }, 403)
        }
        const { ticket } = sent
        return outcome === 'personal'
          ? show(reply, { ...form, text, ticket, findings: sent.findings }, 422)
          : show(reply, { ...form, text, ticket, seconds: sent.seconds }, 403)
      } catch (error) {
        const mistakes = mistakesIn(error, reply)
        if (!mistakes) throw error
        return show(reply, { ...form, mistakes: mistakes.mistakes }, mistakes.status)
      }
    })

    scope.get('/feedback/receipt', { schema }, (_, reply) =>
      sendPage(reply, <ReceiptPage thread={null} code="" demo={demo} />),
    )
    scope.post(
      '/feedback/receipt',
      { schema, bodyLimit: FEEDBACK_BYTES_MAX },
      async (request, reply) => {
        reply.header('cache-control', 'no-store')
        return receipt(reply, senderOf(request), reader(request.body).text)
      },
    )
  })

  async function show(reply: FastifyReply, form: FeedbackForm, status: number) {
    const { guard } = context.feedback
    const [sitekey, numbers] = await Promise.all([guard.sitekey(), context.feedback.numbers()])
    return sendPage(
      reply,
      <FeedbackPage
        form={form}
        guard={{ sitekey, action: guard.action }}
        choices={context.feedback.choices()}
        numbers={numbers}
        contact={config.contact}
        securityContact={config.securityContact}
        demo={demo}
      />,
      status,
    )
  }

  async function receipt(reply: FastifyReply, from: Sender, field: (name: string) => string) {
    const code = field('code').trim()
    const page = async (more: Partial<Parameters<typeof ReceiptPage>[0]>, status: number) => {
      const thread = more.done === 'deleted' ? null : await context.feedback.read(from, code)
      const props = { thread, code, demo, ...more }
      if (thread || more.done === 'deleted')
        return sendPage(reply, <ReceiptPage {...props} />, status)
      return sendPage(reply, <ReceiptPage {...props} mistake={NOTHING} />, 404)
    }
    try {
      if (field('do') === 'delete') {
        const deleted = await context.feedback.withdraw(from, code)
        return await page(deleted ? { done: 'deleted' } : {}, 200)
      }
      if (field('do') !== 'add') return await page({}, 200)
      const choice = field('personal')
      const personal = choice === 'redact' || choice === 'keep' ? choice : 'ask'
      const added = await context.feedback.add(from, code, field('text'), personal)
      switch (added.outcome) {
        case 'added':
          return await page({ done: 'added' }, 201)
        case 'personal':
          return await page({ message: { text: added.text, findings: added.findings } }, 422)
        case 'full':
          return await page({ mistake: 'There are 100 messages already. Please write anew.' }, 409)
        case 'closed':
          return await page({ mistake: 'This was closed meanwhile. Please write anew.' }, 409)
        case 'missing':
          return await page({}, 404)
      }
    } catch (error) {
      const mistakes = mistakesIn(error, reply)
      if (!mistakes) throw error
      const mistake = mistakes.mistakes['']
      if (mistake) {
        const lost = <ReceiptPage thread={null} code={code} mistake={mistake} demo={demo} />
        return sendPage(reply, lost, mistakes.status)
      }
      const message = { text: field('text'), mistake: mistakes.mistakes.text }
      return page({ message }, mistakes.status)
    }
  }

  function senderOf(request: FastifyRequest): Sender {
    return { network: context.networks.keysOf(request.raw, SENDING), actor: null }
  }

  /** The one place where an error becomes a page. */
  function fail(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
    const away = error instanceof StoreUnavailable || error instanceof LedgerUnavailable
    const status = away ? 503 : (error.statusCode ?? 500)
    if (status >= 500)
      request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    if (away) reply.header('retry-after', 5)
    reply.header('cache-control', 'no-store')
    return sendPage(reply, <Failure status={status} contact={config.contact} demo={demo} />, status)
  }
}

const USED =
  'That was used before, or is too old. Please tick the box again; without it, send the form once more.'
const NOTHING = 'This code leads to nothing that is here. Please look at it again.'

/** What is to be said about a form, if the error is about what somebody sent. */
function mistakesIn(error: unknown, reply: FastifyReply) {
  if (!(error instanceof BadRequest)) return null
  if (error.retryAfterS) reply.header('retry-after', error.retryAfterS)
  const mistakes: FeedbackForm['mistakes'] = {
    [FIELDS[error.field ?? ''] ?? '']: error.message,
  }
  return { mistakes, status: error.status === 400 ? 422 : error.status }
}

const WORDS: Record<number, string> = {
  413: 'That was too much at once. Please go back, and send less.',
  415: 'This page takes nothing but its own form.',
  503: 'Nothing can be kept just now. Please go back and try again in a moment: your browser still has what you typed.',
}

function Failure({ status, contact, demo }: { status: number; contact: string; demo: boolean }) {
  return (
    <Page
      title="Feedback – One Captcha"
      description="Feedback cannot be taken just now."
      path="/feedback"
      demo={demo}
    >
      <div class="text">
        <h1>That did not work</h1>
        <p class="lead">
          {WORDS[status] ??
            (status < 500
              ? 'That could not be read. Please go back, and send it once more.'
              : 'Something went wrong here. It is logged, without what you wrote.')}
        </p>
        {contact && <p>You can also write to {contact}.</p>}
      </div>
    </Page>
  )
}
