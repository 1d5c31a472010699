import { protect } from 'one-captcha/sveltekit'
import { options } from '../../options.js'

export const POST = protect(async ({ request }) => {
  const form = await request.formData()
  return Response.json({ welcome: form.get('who') })
}, options)
