import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import { COOKIE, type ConsoleStage, keep, openConsole } from './console-stage.ts'
import { personAt } from './person.ts'
import { form, serveSite } from './site.ts'

let stage: ConsoleStage
beforeAll(async () => {
  stage = await openConsole()
})
afterAll(() => stage?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click()
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe.each([
  ['with scripts', true],
  ['without scripts', false],
] as const)('a developer, %s', (_, javaScriptEnabled) => {
  const name = javaScriptEnabled ? 'Ada' : 'Bo'
  const secrets: string[] = []
  let account: Account
  let sitekey: string
  beforeAll(async () => {
    account = await stage.account(name.toLowerCase())
  })
  const open = async (path: string) =>
    stage.visit(await stage.session(account), path, { javaScriptEnabled })

  it('adds their first site, and sees its secret this once', async () => {
    const page = await open('/console')
    await says(page, 'No site yet')
    await follow(page, 'Add your first site')
    await page.locator('#site-name').fill(`${name}’s library`)
    await page.getByLabel('Host names').fill('library.localhost, *.library.example')
    await page.getByLabel('Invisible').check()
    await press(page, 'Add the site')
    await says(page, `${name}’s library is added`)
    const shown = await page.locator('.copyable > code').allTextContents()
    const found = shown.find((text) => text.startsWith('ocs_live_'))!
    secrets.push(found)
    sitekey = shown.find((text) => text.startsWith('ock_'))!
    await follow(page, 'Install it')
    expect(await page.content()).not.toContain(found)
    expect(await page.content()).toContain(sitekey)
  })

  it('keeps what was typed when something is wrong with it, and says what beside it', async () => {
    const page = await open('/console/sites/add')
    await page.locator('#site-name').fill('Second')
    await page.getByLabel('Host names').fill('https://example.org/form')
    await page.locator('input[value=puzzle]').check()
    await press(page, 'Add the site')
    await page
      .getByRole('alert')
      .getByRole('link', { name: /is an address/ })
      .click()
    const hosts = page.getByLabel('Host names')
    expect(await hosts.inputValue()).toBe('https://example.org/form')
    expect(await hosts.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator('#site-name').inputValue()).toBe('Second')
    expect(await page.locator('input[value=puzzle]').isChecked()).toBe(true)
    expect(await page.title()).toContain('Please look again')
    await hosts.fill('example.org')
    await press(page, 'Add the site')
    await says(page, 'Second is added')
  })

  it('changes its settings, which count from then on', async () => {
    const page = await open(`/console/sites/${sitekey}/settings`)
    await page.locator('input[value=checkbox]').check()
    await page.getByLabel('Work on a calm day').fill('1')
    await page.getByLabel('How long a token may live').fill('9')
    await press(page, 'Save')
    await says(page, 'Please give a whole number from 15 to 600.')
    await page.getByLabel('How long a token may live').fill('120')
    await press(page, 'Save')
    await says(page, 'Saved.')
    const site = (await stage.service.context.store.sites.byKey(sitekey))!
    expect([site.mode, site.effortFloor, site.tokenLifeMs]).toEqual(['checkbox', 1, 120_000])
    // What was done is said once.
    await page.reload()
    expect(await page.getByText('Saved.').count()).toBe(0)
  })

  it('rotates its secret; the old one stays good for as long as they choose, and both until it is ended', async () => {
    const { sites } = stage.service.context.store
    const page = await open(`/console/sites/${sitekey}/secrets`)
    await press(page, 'Make a new secret')
    await says(page, 'The old ones stay good for 1 day')
    const fresh = (await page.locator('.copyable > code').textContent())!
    expect(fresh).toMatch(/^ocs_live_/)
    expect((await sites.bySecret(secrets[0]!))?.sitekey).toBe(sitekey)
    expect((await sites.bySecret(fresh))?.sitekey).toBe(sitekey)
    await follow(page, 'I have kept it')
    expect(await page.content()).not.toContain(fresh)
    const row = page.getByRole('row').filter({ hasText: secrets[0]!.slice(-4) })
    await row.getByText('End…').click()
    await row.getByRole('button').click()
    await says(page, 'The secret has ended')
    expect(await sites.bySecret(secrets[0]!)).toBeNull()
    secrets[0] = fresh
  })

  it('invites somebody, who joins by the link, once', async () => {
    const page = await open(`/console/sites/${sitekey}/members`)
    await press(page, 'Make the link')
    const link = (await page.locator('.copyable > code').textContent())!
    const friend = await stage.account(`${name.toLowerCase()}-friend`)
    const other = await stage.visit(await stage.session(friend), new URL(link).pathname, {
      javaScriptEnabled,
    })
    // Looking at it joins nobody.
    expect(await stage.service.context.store.members.role(sitekey, friend.id)).toBeNull()
    await press(other, 'Join')
    await says(other, 'You are a member of this site now')
    expect(await stage.service.context.store.members.role(sitekey, friend.id)).toBe('developer')
    await other.goto(link)
    await press(other, 'Join')
    await says(other, 'There is no such page')
  })

  it('makes a key for a program, as narrow as they choose', async () => {
    const page = await open('/console/keys')
    await follow(page, 'Make a key')
    await press(page, 'Make the key')
    await says(page, 'Please choose at least one.')
    await page.locator('#key-name').fill('deploy')
    await page.getByLabel('Read sites').check()
    await press(page, 'Make the key')
    const key = (await page.locator('.copyable > code').first().textContent())!
    const reply = await fetch(`${stage.service.url}/v1/manage/sites`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(reply.status).toBe(200)
    await page.goto(`${stage.service.url}/console/keys`)
    expect(await page.content()).not.toContain(key)
    await page.getByText('End…').click()
    await press(page, 'End deploy now')
    await says(page, 'The key has ended')
  })

  it('reads in the log what was done', async () => {
    const page = await open(`/console/sites/${sitekey}/log`)
    await says(page, 'work on a calm day: effort 8 → effort 1')
    await page.getByLabel('About').selectOption('secret')
    await press(page, 'Show')
    await says(page, 'Secret ended')
    expect(await page.getByText('Settings changed').count()).toBe(0)
  })

  it('deletes the site, having typed its name', async () => {
    const page = await open(`/console/sites/${sitekey}/settings`)
    await page.getByText('Delete this site…').click()
    await press(page, `Delete ${name}’s library for good`)
    await says(page, /Please type .*, just as it is written here/)
    await page.getByLabel(/to show that you mean it/).fill(`${name}’s library`)
    await press(page, `Delete ${name}’s library for good`)
    await says(page, 'The site is deleted.')
    expect(await stage.service.context.store.sites.byKey(sitekey)).toBeNull()
    expect(await stage.service.context.store.sites.bySecret(secrets[0]!)).toBeNull()
  })
})

describe('a service that was just started', () => {
  it('makes its first operator by the link it prints, who invites a developer, who signs up', async () => {
    const fresh = await openConsole({ ONE_CAPTCHA_DEMO: 'off' })
    try {
      const { accounts } = fresh.service.context
      const path = `/console/sign-up?invitation=${await accounts.firstLink()}`
      const first = await fresh.visit(null, path)
      await first.getByLabel('Login').fill('first')
      await first.getByLabel('Password').fill('tidal harbour lantern nine')
      await first.getByRole('button', { name: 'Make' }).click()
      await first.getByRole('heading', { name: 'Sites' }).waitFor()
      const [cookie] = (await first.context().cookies()).filter(({ name }) => name === COOKIE)
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
      await follow(first, 'Accounts')
      await follow(first, 'Invite somebody')
      await press(first, 'Make the link')
      const link = (await first.locator('.copyable > code').textContent())!

      const second = await fresh.visit(null, new URL(link).pathname + new URL(link).search, {
        javaScriptEnabled: false,
      })
      await second.getByLabel('Login').fill('second')
      await second.getByLabel('Password').fill('short')
      await second.getByRole('button', { name: 'Make' }).click()
      await second.getByRole('alert').waitFor()
      expect(await second.getByLabel('Login').inputValue()).toBe('second')
      expect(await second.getByLabel('Password').inputValue()).toBe('')
      await second.getByLabel('Password').fill('quiet mooring bollard seven')
      await second.getByRole('button', { name: 'Make' }).click()
      await says(second, 'No site yet')
      expect(await second.getByRole('link', { name: 'Accounts' }).count()).toBe(0)
      await press(second, 'Log out')
      await second.waitForURL(/\/console\/log-in/)
      await second.goto(`${fresh.service.url}/console/keys`)
      await second.getByLabel('Login').fill('second')
      await second.getByLabel('Password').fill('quiet mooring bollard seven')
      await press(second, 'Log in')
      // Back to where they were on their way to.
      await second.waitForURL(/\/console\/keys/)
    } finally {
      await fresh.close()
    }
  })
})

describe('somebody who must show again who they are', () => {
  it('is asked in the place of the form, and loses nothing of it', async () => {
    const account = await stage.account('carl')
    const actor = stage.actor(account)
    const { sitekey } = await stage.service.context.manage.addSite(actor, {
      ...{ name: 'Carl’s', hosts: ['carl.example'] },
    })
    const token = await stage.session(account, false)
    const page = await stage.visit(token, `/console/sites/${sitekey}/secrets`)
    await page.getByLabel('The old ones end').selectOption({ label: 'after 7 days' })
    await press(page, 'Make a new secret')
    await says(page, 'Is it you?')
    expect(await page.locator('input[name=overlap]').inputValue()).toBe(String(7 * 86_400_000))
    expect((await stage.service.context.store.secrets.list(sitekey)).length).toBe(1)
  })

  it('goes on from there as if nothing had been asked', async () => {
    const { accounts, manage, store } = stage.service.context
    const { token: link } = await manage.inviteAccount(
      stage.actor(await stage.account('op-proof', 'operator')),
      'developer',
    )
    const password = 'slow ferry under amber light'
    const network = { newest: 'a-network', former: null }
    const { account } = await accounts.signUp(
      { network },
      { login: 'ivo', password, invitation: link },
    )
    const { sitekey } = await manage.addSite(stage.actor(account), {
      name: '',
      hosts: ['ivo.example'],
    })
    const page = await stage.visit(
      await stage.session(account, false),
      `/console/sites/${sitekey}/secrets`,
    )
    const before = (await page.context().cookies())[0]!.value
    await page.getByLabel('The old ones end').selectOption({ label: 'after 7 days' })
    await press(page, 'Make a new secret')
    await page.getByLabel('Password').fill('not it at all')
    await press(page, 'Go on')
    await says(page, 'That is not right.')
    await page.getByLabel('Password').fill(password)
    await press(page, 'Go on')
    await says(page, 'The old ones stay good for 7 days')
    expect((await store.secrets.list(sitekey)).length).toBe(2)
    // With more rights comes another session: one that was known before is worth nothing.
    const after = (await page.context().cookies()).find(({ name }) => name === COOKIE)!.value
    expect(after).not.toBe(before)
    expect((await stage.ask('/console', { token: before })).status).toBe(303)
  })
})

describe('a developer and their visitors', () => {
  it('see the first numbers where the widget was met', async () => {
    const account = await stage.account('dora')
    const { manage, tally, tools } = stage.service.context
    const keys = await manage.addSite(stage.actor(account), {
      ...{ name: 'Dora’s', hosts: ['dora.localhost'], effortFloor: 1 },
    })
    const site = await serveSite(stage.service.url, keys, 'dora.localhost')
    const page = await stage.browser.newPage({ origins: [stage.service.url] })
    await page.goto(site.page(form(keys.sitekey)))
    const person = personAt(page, tools.seal)
    await person.tick()
    await person.sees('success')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByText('Welcome').waitFor()
    await site.stop()
    await tally.flush()
    const console = await stage.visit(await stage.session(account), '/console')
    const row = console.getByRole('row').filter({ hasText: 'Dora’s' })
    expect(await row.getByRole('cell').allTextContents()).toEqual([
      ...[expect.stringContaining('Dora’s'), 'Active', '1', '1', '1'],
    ])
    await follow(console, 'Dora’s')
    await says(console, 'The same as a table')
  })
})

describe('an operator', () => {
  it('suspends an account, whose open pages say nothing more, and reinstates it', async () => {
    const operator = await stage.account('op', 'operator')
    const account = await stage.account('eve')
    const { manage, store } = stage.service.context
    const { sitekey } = await manage.addSite(stage.actor(account), {
      ...{ name: 'Eve’s', hosts: ['eve.example'] },
    })
    const hers = await stage.visit(await stage.session(account), `/console/sites/${sitekey}`)
    await hers.getByRole('heading', { name: 'Eve’s' }).waitFor()

    const page = await stage.visit(await stage.session(operator), '/console/accounts')
    await page.getByLabel('Login or id').fill('eve')
    await press(page, 'Find')
    await follow(page, 'eve')
    await says(page, 'The sites that nobody else owns are suspended with them:')
    await page.getByText('Suspend…').click()
    await press(page, 'Suspend eve')
    await says(page, 'The account is suspended, on every node.')
    expect((await store.sites.byKey(sitekey))!.state).toBe('suspended')
    await hers.reload()
    expect(new URL(hers.url()).pathname).toBe('/console/log-in')

    await press(page, 'Reinstate eve')
    await says(page, 'The account is active again.')
    expect((await store.sites.byKey(sitekey))!.state).toBe('active')
    await keep(hers, stage.service.url, await stage.session(account))
    await hers.goto(`${stage.service.url}/console/sites/${sitekey}`)
    await hers.getByRole('heading', { name: 'Eve’s' }).waitFor()
  })

  it('ends an account for good, and its sites with it', async () => {
    const operator = await stage.account('op-two', 'operator')
    const account = await stage.account('fay')
    const { manage, store } = stage.service.context
    const { sitekey } = await manage.addSite(stage.actor(account), {
      ...{ name: 'Fay’s', hosts: ['fay.example'] },
    })
    const page = await stage.visit(await stage.session(operator), `/console/accounts/${account.id}`)
    await page.getByText('End this account…').click()
    await page.getByLabel(/to show that you mean it/).fill('fay')
    await press(page, 'End fay for good')
    await says(page, 'The account has ended for good.')
    expect((await store.accounts.byId(account.id))!.login).toBe('')
    expect(await store.sites.byKey(sitekey)).toBeNull()
  })

  it('closes sign-up, suspends anybody’s site, and sees how the node is', async () => {
    const operator = await stage.account('op-three', 'operator')
    const account = await stage.account('gil')
    const { manage, store } = stage.service.context
    const { sitekey } = await manage.addSite(stage.actor(account), {
      ...{ name: 'Gil’s', hosts: ['gil.example'] },
    })
    const page = await stage.visit(await stage.session(operator), '/console/service')
    await page.getByLabel('Closed').check()
    await page.getByLabel('One developer may own').fill('7')
    await press(page, 'Save')
    await says(page, 'Saved.')
    expect(await store.settings.read()).toMatchObject({ signUp: 'closed', sitesMax: 7 })
    await follow(page, 'All sites')
    const row = page.getByRole('row').filter({ hasText: 'Gil’s' })
    await row.getByText('Suspend…').click()
    await press(page, 'Suspend Gil’s')
    await says(page, 'The site is suspended.')
    expect((await store.sites.byKey(sitekey))!.state).toBe('suspended')
    await follow(page, 'Health')
    expect(await page.getByText('Works').count()).toBe(2)
  })

  it('makes a link for a new account', async () => {
    const operator = await stage.account('op-four', 'operator')
    const page = await stage.visit(await stage.session(operator), '/console/invitations')
    await press(page, 'Make the link')
    const link = (await page.locator('.copyable > code').textContent())!
    expect(link).toContain(`${stage.service.url}/console/sign-up?invitation=oci_`)
    await page.goto(`${stage.service.url}/console/invitations`)
    await press(page, 'Withdraw')
    await says(page, 'The invitation is withdrawn.')
  })
})

describe('the playground', () => {
  it('shows the real widget as it is asked for, and what it tells its page', async () => {
    const account = await stage.account('hal')
    const { manage } = stage.service.context
    const { sitekey } = await manage.addSite(stage.actor(account), {
      ...{ name: 'Hal’s', hosts: ['hal.example'] },
    })
    const page = await stage.visit(
      await stage.session(account),
      `/console/sites/${sitekey}/playground?theme=dark&evil=1&onclick=alert(1)&size=huge`,
    )
    const widget = page.locator('one-captcha')
    expect(await widget.evaluate((element) => element.getAttributeNames().sort())).toEqual(
      ['id', 'sitekey', 'theme'].sort(),
    )
    await page.getByLabel('action').fill('login')
    await page.getByLabel('size').selectOption('compact')
    await press(page, 'Show it so')
    expect(await widget.getAttribute('action')).toBe('login')
    await says(page, 'ready')
    await press(page, 'Get a token')
    await says(page, /verified/)
    expect((await page.locator('[data-events] code').textContent())!.length).toBeGreaterThan(20)
    await says(page, /<one-captcha sitekey="oc-test-pass".*action="login"/)
  })
})
