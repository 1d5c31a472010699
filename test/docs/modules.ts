import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SDK, succeed } from '../sdk/home.ts'
import { type Block, placeOf } from './blocks.ts'
import type { Delivery } from './deliveries.ts'
import { type Place, tokenOf } from './place.ts'
import type { Session } from './session.ts'

/**
 * Runs JavaScript as a backend of the reader's: with a `form` that has a good token, and the `request` that it came with.
 * Shown the same token again, it must come to something else.
 */
export async function runHandler(
  block: Block,
  session: Session,
  delivery: () => Promise<Delivery>,
) {
  const imports = block.text.match(/^import .*$/gm) ?? []
  const rest = await session.fill(block.text.replaceAll(/^import .*$/gm, ''))
  const names = 'form, request, body, refuse'
  furnish(session.home)
  const file = join(session.home, 'modules', `line-${block.line}.mjs`)
  writeFileSync(
    file,
    `${imports.join('\n')}\nexport async function handle({ ${names} }) {\n${rest}\n}\n`,
  )
  const { handle } = (await import(pathToFileURL(file).href)) as {
    handle(given: object): Promise<unknown>
  }
  const refuse = (reason: string) => ({ refused: reason })
  if (block.text.includes('ONE_CAPTCHA_WEBHOOK_SECRET')) {
    const { body, headers, secret } = await delivery()
    process.env.ONE_CAPTCHA_WEBHOOK_SECRET = secret
    await handle({ body, request: { headers } })
    await assert.rejects(handle({ body: `${body} `, request: { headers } }), placeOf(block))
    return
  }
  const { sitekey, secret } = await session.place.addSite('checkbox')
  process.env.ONE_CAPTCHA_SECRET = secret
  const given = await formOf(session.place, sitekey)
  const first = await handle({ ...given, refuse })
  const again = await handle({ ...given, refuse })
  assert.notDeepEqual(
    again,
    first,
    `${placeOf(block)} comes to the same with a good token and a spent one`,
  )
}

/** Builds the package for JavaScript into a reader's home, with what else its modules import. */
function furnish(home: string) {
  const modules = join(home, 'modules', 'node_modules')
  if (existsSync(modules)) return
  const installed = join(modules, 'one-captcha')
  mkdirSync(installed, { recursive: true })
  succeed(process.execPath, [join(SDK, 'build.ts'), join(installed, 'dist')], join(SDK, '..'))
  symlinkSync(join(SDK, 'package.json'), join(installed, 'package.json'))
  const standardwebhooks = join(SDK, '../node_modules/standardwebhooks')
  symlinkSync(standardwebhooks, join(modules, 'standardwebhooks'))
}

async function formOf(place: Place, sitekey: string) {
  const form = new FormData()
  form.set('one-captcha-response', await tokenOf(place, sitekey))
  return { form, body: Object.fromEntries(form), request: { headers: {} } }
}
