import { protectRoute } from 'one-captcha/next'
import { options } from '../../options'

/** A route handler: only who passed reaches it. */
export const POST = protectRoute(async (request: Request) => {
  const form = await request.formData()
  return Response.json({ welcome: form.get('who') })
}, options)
