import type { NextApiRequest, NextApiResponse } from 'next'
import { protectApi } from 'one-captcha/next'
import { options } from '../../options'

/** An API route: only who passed reaches it. */
export default protectApi((request: NextApiRequest, response: NextApiResponse) => {
  response.json({ welcome: request.body.who })
}, options)
