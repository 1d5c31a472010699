import assert from 'node:assert/strict'
import type { Page } from '@playwright/test'
import { expect } from 'vitest'
import type { Stage } from '../browser/stage.ts'
import { until } from '../support/until.ts'

/** The folders of `examples/`, and where each is tried: servers and pages in `examples.test.ts`, the others as they are called. */
export const EXAMPLES = {
  servers: ['node', 'express', 'fastify', 'hono', 'koa', 'h3', 'nest'],
  pages: ['html'],
  components: {
    react: 'react/main.jsx',
    vue: 'vue/main.js',
    svelte: 'svelte/main.js',
    solid: 'solid/main.js',
    angular: 'angular/dist/main.js',
  },
  apps: ['next', 'nuxt', 'sveltekit'],
} as const

/** The host name under which the examples are visited: that of a site of the stage. */
export const HOST = 'checkbox.localhost'

/** What an example is told by its environment, under each framework's own names. */
export function settingsFor({ service, sites }: Stage): Record<string, string> {
  const { sitekey, secret } = sites.checkbox
  return {
    ONE_CAPTCHA_SERVICE: service.url,
    ONE_CAPTCHA_SITEKEY: sitekey,
    ONE_CAPTCHA_SECRET: secret,
    NEXT_PUBLIC_ONE_CAPTCHA_SERVICE: service.url,
    NEXT_PUBLIC_ONE_CAPTCHA_SITEKEY: sitekey,
    VITE_ONE_CAPTCHA_SERVICE: service.url,
    VITE_ONE_CAPTCHA_SITEKEY: sitekey,
    NUXT_PUBLIC_SERVICE: service.url,
    NUXT_PUBLIC_SITEKEY: sitekey,
    NUXT_SECRET: secret,
  }
}

/**
 * Fills in the form of an example in a browser. Who ticks the box comes in, and is greeted by name; the token is then
 * spent, and who has none is sent away.
 */
export async function visitExample(stage: Stage, url: string): Promise<void> {
  const fill = async () => {
    const person = await stage.visit(url)
    await person.box.waitFor()
    await person.page.getByLabel('Name').fill('Ada')
    return person
  }
  const send = ({ page }: Awaited<ReturnType<typeof fill>>) =>
    page.getByRole('button', { name: 'Join' }).click()

  const good = await fill()
  await send(good)
  // It is required: the browser itself holds the form back.
  assert.equal(await good.page.locator('one-captcha:invalid').count(), 1)
  await good.tick()
  await until(async () => (await good.token()) !== '', 'there is a token')
  const token = await good.token()
  await send(good)
  await says(good.page, /welcome.*Ada/i)

  for (const [sent, reason] of [
    [token, 'token-spent'],
    ['', 'token-missing'],
  ] as const) {
    const person = await fill()
    await person.widget.evaluate((element, value) => {
      // Nothing in the page is in the way of who comes without a good token, as nothing is in a robot's.
      element.removeAttribute('required')
      element.setAttribute('guard', 'off')
      element.querySelector('input')!.value = value
    }, sent)
    await send(person)
    await says(person.page, reason)
  }
}

async function says(page: Page, what: string | RegExp): Promise<void> {
  await expect.poll(() => page.locator('body').textContent(), { timeout: 20_000 }).toMatch(what)
}
