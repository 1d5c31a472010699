import { protectRoute } from 'one-captcha/next'

/** A route handler: only who passed reaches it. */
export const POST = protectRoute(
  async (request: Request) => {
    const form = await request.formData()
    return Response.json({ welcome: form.get('who') })
  },
  {
    service: process.env.ONE_CAPTCHA_SERVICE!,
    secret: process.env.ONE_CAPTCHA_SECRET!,
    action: 'join',
  },
)
