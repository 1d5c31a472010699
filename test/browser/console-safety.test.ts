import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../src/store/store.ts'
import { allPages, COOKIE, type ConsoleStage, openConsole, SITE_PAGES } from './console-stage.ts'

let stage: ConsoleStage
let operator: Account
let owner: Account
let sitekey: string
beforeAll(async () => {
  stage = await openConsole()
  operator = await stage.account('op', 'operator')
  owner = await stage.account('owner')
  sitekey = await addSite(owner)
})
afterAll(() => stage?.close())

async function addSite(account: Account, name = 'A site'): Promise<string> {
  const order = { name, hosts: ['site.example'] }
  return (await stage.service.context.manage.addSite(stage.actor(account), order)).sitekey
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const OURS = { ...FORM, 'sec-fetch-site': 'same-origin' }

/** What a session's own forms carry. */
async function csrfOf(token: string): Promise<string> {
  const text = await (await stage.ask('/console/sites/add', { token })).text()
  return /name="csrf" value="([\w-]{20,})"/.exec(text)![1]!
}

/** A site’s settings as a form that would change its name. */
const renaming = (name: string, csrf = '') =>
  new URLSearchParams({
    ...{ form: 'settings', csrf, name, hosts: 'site.example', mode: 'checkbox', theme: 'auto' },
    ...{ onFailure: 'closed', waitS: '4', tokenLifeS: '600', effortFloor: '8' },
    effortCeiling: '64',
    noscriptPerHour: '0',
  })

const nameNow = async () => (await stage.service.context.store.sites.byKey(sitekey))!.name

describe('a form', () => {
  it('does what it says for whoever has its session and its token', async () => {
    const token = await stage.session(owner)
    const body = renaming('By the owner', await csrfOf(token))
    const path = `/console/sites/${sitekey}/settings`
    const reply = await stage.ask(path, { token, method: 'POST', body, headers: OURS })
    expect(reply.status).toBe(303)
    expect(await nameNow()).toBe('By the owner')
  })

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling', { 'sec-fetch-site': 'same-site' }],
    ['from nowhere', {}],
    ['from another origin', { origin: 'https://evil.test' }],
    ['from a frame without an origin', { origin: 'null' }],
  ])('does nothing %s, though it has all else', async (_, headers) => {
    const token = await stage.session(owner)
    const body = renaming('By a stranger', await csrfOf(token))
    const reply = await stage.ask(`/console/sites/${sitekey}/settings`, {
      ...{
        token,
        method: 'POST',
        body,
        headers: { ...FORM, ...headers } as Record<string, string>,
      },
    })
    expect(reply.status).toBe(403)
    expect(await nameNow()).not.toBe('By a stranger')
  })

  it('does nothing without its token, or with that of another session', async () => {
    const token = await stage.session(owner)
    const others = await csrfOf(await stage.session(owner))
    for (const csrf of ['', others, 'x'.repeat(43)]) {
      const reply = await stage.ask(`/console/sites/${sitekey}/settings`, {
        ...{ token, method: 'POST', body: renaming('By a stranger', csrf), headers: OURS },
      })
      expect(reply.status).toBe(422)
      // Whoever only had the page open for long finds what they typed, and a token that is good.
      const text = await reply.text()
      expect(text).toContain('value="By a stranger"')
      expect(text).toContain('Please send it once more')
    }
    expect(await nameNow()).not.toBe('By a stranger')
  })

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'is taken as a form alone: %s',
    async (type) => {
      const token = await stage.session(owner)
      const fields = Object.fromEntries(renaming('By JSON', await csrfOf(token)))
      const reply = await stage.ask(`/console/sites/${sitekey}/settings`, {
        ...{ token, method: 'POST', body: JSON.stringify(fields) },
        headers: { 'sec-fetch-site': 'same-origin', 'content-type': type },
      })
      expect([403, 415, 422]).toContain(reply.status)
      expect(await nameNow()).not.toBe('By JSON')
    },
  )

  it('is not taken from an address: looking at a page changes nothing', async () => {
    const token = await stage.session(operator)
    const { audit } = stage.service.context.store
    const csrf = await csrfOf(token)
    const before = await audit.head()
    for (const path of allPages(sitekey, owner.id)) {
      const forms = ['settings', 'remove', 'rotate', 'suspend', 'invite', 'join', 'key', 'site']
      for (const form of forms) {
        const query = new URLSearchParams([...renaming('By GET', csrf), ['name', 'x']])
        query.set('form', form)
        const reply = await stage.ask(`${path.split('?')[0]}?${query}`, { token })
        expect(reply.status).toBeLessThan(500)
      }
    }
    expect(await audit.head()).toEqual(before)
  })
})

describe('another site', () => {
  let server: Server
  let origin: string
  beforeAll(async () => {
    server = createServer((request, response) => {
      const body = request.url!.startsWith('/frame')
        ? `<iframe src="${stage.service.url}/console"></iframe>`
        : `<form method="post" action="${stage.service.url}/console/sites/${sitekey}/settings">
            ${[...renaming('By another site')].map(([name, value]) => `<input name="${name}" value="${value}">`).join('')}
            <button>Win</button></form>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${body}`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://evil.localhost:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it('cannot send a form in the name of whoever visits it', async () => {
    const page = await stage.visit(await stage.session(owner), '/console', {
      origins: [stage.service.url],
    })
    await page.goto(`${origin}/form`)
    await page.getByRole('button').click()
    await page.getByText('was not sent from a page of this console').waitFor()
    expect(await nameNow()).not.toBe('By another site')
  })

  it('cannot show the console in a frame', async () => {
    const page = await stage.visit(await stage.session(owner), '/console', {
      ...{ origins: [stage.service.url], violates: ['frame-ancestors'] },
    })
    await page.goto(`${origin}/frame`)
    await page.waitForTimeout(500)
    const frames = await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.content().catch(() => '')),
    )
    expect(frames.join('')).not.toContain('A site')
  })
})

describe('every page', () => {
  it('lets nothing of others in, and is kept by nobody', async () => {
    const token = await stage.session(operator)
    for (const path of [...allPages(sitekey, owner.id), '/console/log-in']) {
      const { headers } = await stage.ask(path, { token })
      if (headers.has('location')) continue
      const policy = headers.get('content-security-policy')!
      expect(policy, path).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("form-action 'self'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(headers.get('cache-control'), path).toBe('no-store')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('is for those who are logged in, who come back to it after that', async () => {
    for (const path of allPages(sitekey, owner.id)) {
      const { status, headers } = await stage.ask(path)
      if (path.startsWith('/console/invitations/') || path === '/console/nothing') continue
      expect(status, path).toBe(303)
      const to = new URL(headers.get('location')!, stage.service.url)
      expect(to.pathname).toBe('/console/log-in')
      expect(to.searchParams.get('next')).toBe(path)
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  it('of operators is not there for others', async () => {
    const token = await stage.session(owner)
    for (const path of allPages(sitekey, owner.id)) {
      if (!/\/(accounts|service|promises|log\?of)|invitations$/.test(path)) continue
      const { status } = await stage.ask(path, { token })
      expect(status, path).toBe(404)
    }
  })

  it('has nothing in it that its own policy forbids', async () => {
    const token = await stage.session(operator)
    for (const path of allPages(sitekey, owner.id)) {
      const text = await (await stage.ask(path, { token })).text()
      expect(text, path).not.toMatch(
        / style=|<style|<script>| on\w+=|(?:src|href)="(?:https?:)?\/\//,
      )
    }
  })
})

describe('somebody else', () => {
  let stranger: string
  let csrf: string
  beforeAll(async () => {
    const account = await stage.account('stranger')
    await addSite(account)
    stranger = await stage.session(account)
    csrf = await csrfOf(stranger)
  })

  it('finds no page of a site that is not theirs, as if it were not there', async () => {
    for (const end of [...SITE_PAGES, '/numbers.json', '/log?as=file']) {
      const there = await stage.ask(`/console/sites/${sitekey}${end}`, { token: stranger })
      const none = await stage.ask(`/console/sites/ock_nothing${end}`, { token: stranger })
      expect([there.status, none.status], end).toEqual([404, 404])
      const [one, other] = [await there.text(), await none.text()]
      expect(one.replaceAll(sitekey, '')).toBe(other.replaceAll('ock_nothing', ''))
    }
  })

  it('can do nothing to it either', async () => {
    const { store } = stage.service.context
    const [secret] = await store.secrets.list(sitekey)
    const before = await store.audit.head()
    const acts: [string, Record<string, string>][] = [
      ['/settings', Object.fromEntries(renaming('By a stranger', csrf))],
      ['/settings', { form: 'remove', name: 'A site' }],
      ['/settings', { form: 'leave' }],
      ['/secrets', { form: 'rotate', overlap: '0' }],
      ['/secrets', { form: 'end', id: secret!.id }],
      ['/members', { form: 'invite', role: 'owner' }],
      ['/members', { form: 'role', id: owner.id, role: 'viewer' }],
      ['/members', { form: 'remove', id: owner.id }],
    ]
    for (const [end, fields] of acts) {
      const reply = await stage.ask(`/console/sites/${sitekey}${end}`, {
        ...{ token: stranger, method: 'POST', headers: OURS },
        body: new URLSearchParams({ ...fields, csrf }),
      })
      expect(reply.status, `${end} ${fields.form}`).toBe(404)
    }
    const operators: [string, Record<string, string>][] = [
      [`/accounts/${owner.id}`, { form: 'suspend' }],
      [`/accounts/${owner.id}`, { form: 'terminate', login: 'owner' }],
      ['/service', { form: 'settings', signUp: 'open', sitesMax: '1' }],
      ['/service/sites', { form: 'suspend', sitekey }],
      ['/invitations', { form: 'invite', role: 'operator' }],
    ]
    for (const [path, fields] of operators) {
      const reply = await stage.ask(`/console${path}`, {
        ...{ token: stranger, method: 'POST', headers: OURS },
        body: new URLSearchParams({ ...fields, csrf }),
      })
      expect(reply.status, path).toBe(404)
    }
    expect(await store.audit.head()).toEqual(before)
  })

  it('with a lesser role is told so, and changes nothing', async () => {
    const viewer = await stage.account('viewer')
    await stage.service.context.store.members.set(sitekey, viewer.id, 'viewer')
    const token = await stage.session(viewer)
    const reply = await stage.ask(`/console/sites/${sitekey}/settings`, {
      ...{ token, method: 'POST', headers: OURS },
      body: renaming('By a viewer', await csrfOf(token)),
    })
    expect(reply.status).toBe(403)
    expect(await nameNow()).not.toBe('By a viewer')
  })
})

describe('text that is meant to be markup', () => {
  const PAYLOADS = [
    `<script>canary()</script>`,
    `"><img src=x onerror=canary()>`,
    `'><svg onload=canary()>`,
    `</title><script>canary()</script>`,
    `</textarea><script>canary()</script>`,
    `javascript:canary()`,
    `{{constructor.constructor('canary()')()}}`,
    `\${canary()}`,
    `<!--<script>canary()//-->`,
    `&lt;img src=x onerror=canary()&gt;`,
    `<math><mtext><style><img src=x onerror=canary()>`,
    `" autofocus onfocus=canary() x="`,
  ]
  const ran: string[] = []
  let page: Page

  beforeEach(async () => {
    ran.length = 0
    page = await stage.visit(await stage.session(operator), '/console')
    await page.exposeFunction('canary', () => ran.push(page.url()))
    page.on('dialog', (dialog) => {
      ran.push(`a dialog: ${dialog.message()}`)
      return dialog.dismiss()
    })
  })

  it('is shown as the text it is, wherever it is kept', async () => {
    const { manage, store } = stage.service.context
    const actor = stage.actor(operator)
    const keys: string[] = []
    for (const name of PAYLOADS) {
      keys.push((await manage.addSite(actor, { name, hosts: ['xss.example'] })).sitekey)
      await manage.addKey(actor, { name, scopes: ['sites:read'] })
      if (keys.length >= 20) break
    }
    expect(keys.length).toBe(PAYLOADS.length)
    for (const path of [
      '/console',
      '/console/keys',
      '/console/keys/add',
      '/console/log',
      '/console/service/sites',
      `/console/accounts/${operator.id}`,
    ]) {
      await page.goto(stage.service.url + path)
      await page.waitForTimeout(50)
      const text = await page.locator('body').textContent()
      if (path === '/console') for (const payload of PAYLOADS) expect(text).toContain(payload)
    }
    for (const key of keys) {
      for (const end of ['', '/install', '/settings', '/playground', '/log']) {
        await page.goto(`${stage.service.url}/console/sites/${key}${end}`)
      }
    }
    expect(ran).toEqual([])
    for (const key of keys) await store.sites.remove(key)
  })

  it('is shown as the text it is, where it comes back from a form or an address', async () => {
    for (const payload of PAYLOADS) {
      const asked = encodeURIComponent(payload)
      await page.goto(`${stage.service.url}/console/accounts?find=${asked}`)
      await page.goto(
        `${stage.service.url}/console/sites/${sitekey}/playground?cdata=${asked}&action=${asked}&sitekey=${asked}&theme=${asked}`,
      )
      await page.goto(`${stage.service.url}/console/log?about=${asked}&before=${asked}&of=${asked}`)
      await page.goto(
        `${stage.service.url}/console/invitations/${encodeURIComponent(payload.slice(0, 40))}`,
      )
      await page.goto(`${stage.service.url}/console/sites/add`)
      await page.locator('#site-name').fill(payload)
      await page.getByLabel('Host names').fill(payload)
      await page.getByRole('button', { name: 'Add the site' }).click()
      await page.getByRole('alert').waitFor()
      expect(await page.getByLabel('Host names').inputValue()).toBe(payload)
      await page.goto(`${stage.service.url}/console/sites/${sitekey}/settings`)
      await page.getByLabel('Host names').fill(payload)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').waitFor()
    }
    expect(ran).toEqual([])
  })
})

describe('a session', () => {
  it('lives in a cookie that no script and no other host can have', async () => {
    const token = await stage.session(owner)
    const page = await stage.visit(token, '/console')
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(await page.content()).not.toContain(token)
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ name: COOKIE, httpOnly: true, secure: true, path: '/' })
  })

  it('leaves nothing behind that the back button could show, once it is over', async () => {
    const page = await stage.visit(await stage.session(owner), '/console')
    await page.goto(`${stage.service.url}/console/sites/${sitekey}`)
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.waitForURL(/\/console\/log-in/)
    expect(await page.context().cookies()).not.toContainEqual(
      expect.objectContaining({ name: COOKIE }),
    )
    await page.goBack()
    await page.waitForLoadState()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    expect(await page.content()).not.toContain('site.example')
    await page.goBack()
    await page.waitForLoadState()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    expect(await page.content()).not.toContain('site.example')
  })

  it('is not one that somebody else chose', async () => {
    const chosen = 'chosen-by-somebody-else'
    const { accounts, manage } = stage.service.context
    const { token: invitation } = await manage.inviteAccount(stage.actor(operator), 'developer')
    const password = 'seven gulls over the pier'
    const network = { newest: 'a-network', former: null }
    await accounts.signUp({ network }, { login: 'victim', password, invitation })
    const page = await stage.visit(chosen, '/console')
    await page.waitForURL(/\/console\/log-in/)
    await page.getByLabel('Login').fill('victim')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByRole('heading', { name: 'Sites' }).waitFor()
    const cookie = (await page.context().cookies()).find(({ name }) => name === COOKIE)!
    expect(cookie.value).not.toBe(chosen)
    expect((await stage.ask('/console', { token: chosen })).status).toBe(303)
  })

  it('begins nowhere else, whatever the address asks for', async () => {
    const { accounts, manage } = stage.service.context
    const { token: invitation } = await manage.inviteAccount(stage.actor(operator), 'developer')
    const password = 'nine ropes along the quay'
    const network = { newest: 'another-network', former: null }
    await accounts.signUp({ network }, { login: 'led-astray', password, invitation })
    for (const next of [
      'https://evil.test/',
      '//evil.test',
      '/\\evil.test',
      'javascript:alert(1)',
    ]) {
      const path = `/console/log-in?next=${encodeURIComponent(next)}`
      const body = new URLSearchParams({ form: 'log-in', login: 'led-astray', password })
      const reply = await stage.ask(path, { method: 'POST', body, headers: OURS })
      expect([reply.status, reply.headers.get('location')], next).toEqual([303, '/console'])
    }
  })
})

describe('a page that cannot be shown', () => {
  it('says so in words, and nothing of what went wrong inside', async () => {
    const other = await openConsole({ ONE_CAPTCHA_DEMO: 'off' })
    const token = await other.session(await other.account('somebody'))
    await other.service.context.store.close()
    const reply = await other.ask('/console', { token })
    const text = await reply.text()
    expect(reply.status).toBeGreaterThanOrEqual(500)
    expect(reply.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(text).toContain('<h1>')
    expect(text).not.toMatch(/sqlite|kysely|Error:|node_modules|somebody/i)
    await other.close().catch(() => {})
  })

  it.each([
    '/console/sites/%00',
    '/console/sites/%E0%A4%A',
    '/console/..%2f..%2fetc',
    '/console/%',
  ])('is an ordinary mistake of an address: %s', async (path) => {
    const { status } = await stage.ask(path, { token: await stage.session(owner) })
    expect([400, 404]).toContain(status)
  })

  it('is one whose form is too large', async () => {
    const token = await stage.session(owner)
    const body = renaming('x'.repeat(20_000), await csrfOf(token))
    const path = `/console/sites/${sitekey}/settings`
    const reply = await stage.ask(path, { token, method: 'POST', body, headers: OURS })
    expect(reply.status).toBe(413)
    expect(await reply.text()).toContain('<h1>')
  })
})

describe('what was said', () => {
  it('is one of our own sentences, whatever a cookie holds', async () => {
    const token = await stage.session(owner)
    for (const said of ['<b>You won</b>', '__proto__', 'constructor', 'toString']) {
      const headers = {
        cookie: `${COOKIE}=${token}; __Host-one-captcha-said=${encodeURIComponent(said)}`,
      }
      const text = await (await stage.ask('/console', { headers })).text()
      expect(text).not.toContain('You won')
      expect(text).not.toContain('role="status"')
    }
  })
})
