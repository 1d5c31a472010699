import assert from 'node:assert/strict'
import { it } from 'vitest'
import { signUp } from '../support/people.ts'
import { newPerson, SESSION } from '../support/person.ts'
import { startService } from '../support/service.ts'

it('shows a draft also in a language that nobody has a name for', async () => {
  const service = await startService({ ONE_CAPTCHA_PAINTERS: '1' })
  try {
    const { token } = await signUp(service, 'boss')
    const texts = ['en', 'de-12', 'zh-Han'].map((lang) => ({ lang, text: '# Terms\n' }))
    const { terms } = service.context.store
    await terms.write({ summary: 'Clearer.', acceptance: 'use', texts }, 'cli')
    const boss = newPerson(service.url)
    boss.cookies.set(SESSION, token)
    for (const path of ['draft', 'preview', 'preview?lang=de-12']) {
      const page = await boss.get(`/console/promises/terms/${path}`)
      assert.equal(page.status, 200, path)
      assert.match(page.body, /de-12/)
    }
  } finally {
    await service.stop()
  }
})
