import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { LANGUAGES } from '../widget/language.ts'
import { type Heard, ownAddress, verify } from './demo-backend.ts'
import { EMPTY, type Form, hasMistakes, readForm } from './demo-form.ts'
import { DemoPage } from './demo-page.tsx'
import { sendPage } from './page.tsx'

/**
 * A pretend site with a sign-up form, to see the whole of it: the page, the widget, and a backend that asks over HTTP.
 * It keeps nothing of what is typed.
 */
export function demo(app: FastifyInstance, context: Context) {
  const site = context.demo
  if (!site) return

  app.get<{ Querystring: { lang?: unknown } }>(
    '/demo',
    { schema: { hide: true } },
    (request, reply) => {
      // One of the widget's own, to see how it reads; whatever else is asked for is none.
      const lang = LANGUAGES.find((language) => language === request.query.lang)
      const page = <DemoPage sitekey={site.sitekey} form={EMPTY} heard={undefined} lang={lang} />
      return sendPage(reply, page)
    },
  )

  // A scope of its own, so that no other route takes forms because of this one.
  app.register(async (scope) => {
    await scope.register(formbody)
    scope.post('/demo', { schema: { hide: true } }, async (request, reply) => {
      const form = readForm(request.body)
      // A token is good once: it is not used up on a form that must be sent again anyway.
      const heard = hasMistakes(form) ? undefined : await ask(form)
      if (heard !== undefined && !heard?.finding.success) {
        form.mistakes['one-captcha-response'] = whyNot(heard)
      }
      const page = <DemoPage sitekey={site.sitekey} form={form} heard={heard} />
      return sendPage(reply, page, statusFor(form, heard))
    })
  })

  async function ask(form: Form): Promise<Heard | null> {
    const service = ownAddress(app)
    return service ? verify(service, site!.secret, form.values['one-captcha-response']) : null
  }
}

/** What the visitor is told. Never an accusation: most who read it are people. */
function whyNot(heard: Heard | null): string {
  switch (heard?.finding.reason) {
    case 'token-missing':
      return 'The box “I am human” is not ticked yet.'
    case 'token-expired':
      return 'That was a while ago. Please tick the box again.'
    case 'token-spent':
      return 'This token was used before, and each is good once. Please tick the box again.'
    case 'token-invalid':
    case 'hostname-mismatch':
    case 'action-mismatch':
      return 'This token is not good for this form. Please tick the box again.'
    default:
      return 'We could not check this just now. Please send the form again in a moment.'
  }
}

function statusFor(form: Form, heard: Heard | null | undefined): number {
  if (heard === null || (heard && heard.status >= 500)) return 503
  return hasMistakes(form) ? 422 : 200
}
