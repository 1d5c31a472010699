import { verify } from 'hcaptcha'
import { askEach } from './calls.js'

await askEach(async ({ secret, token, sitekey }) => {
  const told = await verify(secret, token, '203.0.113.7', sitekey)
  return { passed: told.success, ...told }
})
