'use server'

import { verifyForm } from 'one-captcha/next'
import { options } from '../../options'

/** A server action: asks last, when everything else in the form is right. */
export async function join(_: string, form: FormData): Promise<string> {
  const who = String(form.get('who') ?? '')
  if (!who) return 'Please say who you are.'
  const finding = await verifyForm(form, options)
  return finding.passed ? `Welcome, ${who}` : `Refused: ${finding.reason}`
}
