import type { NextApiRequest, NextApiResponse } from 'next'
import { protectApi } from 'one-captcha/next'

export default protectApi(
  (request: NextApiRequest, response: NextApiResponse) => {
    response.json({ welcome: request.body.who })
  },
  {
    service: process.env.ONE_CAPTCHA_SERVICE!,
    secret: process.env.ONE_CAPTCHA_SECRET!,
    action: 'join',
  },
)
