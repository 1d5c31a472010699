'use server'

import { verifyForm } from 'one-captcha/next'

/** A server action: asks last, when everything else in the form is right. */
export async function join(_: unknown, form: FormData) {
  const finding = await verifyForm(form, {
    service: process.env.ONE_CAPTCHA_SERVICE!,
    secret: process.env.ONE_CAPTCHA_SECRET!,
    action: 'join',
  })
  return finding.passed ? { welcome: String(form.get('who')) } : { reason: 'Please try again.' }
}
