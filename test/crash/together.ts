/** A process that opens the data folder when it is told to, adds a site and changes it often. Run by its test. */
import { once } from 'node:events'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/opening.ts'

process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.destroy()

const { store, rootKeys } = await openStore(readConfig({ ONE_CAPTCHA_DATA: process.argv[2] }))
const { sitekey } = await store.sites.add({ hosts: ['a.test'], mode: 'checkbox' })
for (let i = 0; i < 10; i++) {
  await store.sites.set(sitekey, { hosts: [`h${i}.test`] })
  await store.sites.rotate(sitekey, 0)
}
await store.close()
process.stdout.write(`${Buffer.from(rootKeys[0]!).toString('hex')}\n`)
