import { protect } from 'one-captcha/sveltekit'

export const POST = protect(
  async ({ request }) => {
    const form = await request.formData()
    return Response.json({ welcome: form.get('who') })
  },
  {
    service: process.env.ONE_CAPTCHA_SERVICE,
    secret: process.env.ONE_CAPTCHA_SECRET,
    action: 'join',
  },
)
