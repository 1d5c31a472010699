import { fail } from '@sveltejs/kit'
import { verifyEvent } from 'one-captcha/sveltekit'

const options = {
  service: process.env.ONE_CAPTCHA_SERVICE,
  secret: process.env.ONE_CAPTCHA_SECRET,
  action: 'join',
}

export const actions = {
  async default(event) {
    const finding = await verifyEvent(event, options)
    if (!finding.passed) return fail(403, { reason: finding.reason })
    const form = await event.request.formData()
    return { welcome: form.get('who') }
  },
}
