import { fail } from '@sveltejs/kit'
import { verifyEvent } from 'one-captcha/sveltekit'
import { options } from '../options.js'

export const actions = {
  async default(event) {
    const finding = await verifyEvent(event, options)
    if (!finding.passed) return fail(403, { reason: finding.reason })
    const form = await event.request.formData()
    return { welcome: form.get('who') }
  },
}
