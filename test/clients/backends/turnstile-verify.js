import { TurnstileVerify } from 'turnstile-verify'
import { askEach } from './calls.js'

await askEach(async ({ secret, token, key }) => {
  const turnstile = new TurnstileVerify({ token: secret })
  const question = { response: token ?? '', remoteip: '203.0.113.7', idempotency_key: key }
  const { valid, messages } = await turnstile.validate(question)
  return { passed: valid, messages }
})
