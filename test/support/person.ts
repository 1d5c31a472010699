import assert from 'node:assert/strict'

export const SESSION = '__Host-one-captcha-session'

/** What a page of the console answered. */
export interface Seen {
  status: number
  body: string
  location: string
  headers: Headers
}

/** Somebody at the console with a browser that runs no scripts: it keeps cookies, reads forms and sends them. */
export interface Person {
  cookies: Map<string, string>
  get(path: string): Promise<Seen>
  /** Sends a form of the page that was looked at last, with all its hidden fields. */
  send(path: string, name: string, fields?: Record<string, string>): Promise<Seen>
}

/**
 * @param origin what the browser says it is on, if not where it asks
 * @param sends further headers of each request
 */
export function newPerson(
  service: string,
  origin = service,
  sends: Record<string, string> = {},
): Person {
  const cookies = new Map<string, string>()
  let page = ''

  async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, service), {
      ...init,
      redirect: 'manual',
      headers: {
        ...sends,
        ...init.headers,
        cookie: [sends.cookie, cookie].filter(Boolean).join('; '),
        origin,
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';')
      const [name, value] = [
        pair!.slice(0, pair!.indexOf('=')),
        pair!.slice(pair!.indexOf('=') + 1),
      ]
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const body = await response.text()
    if (response.headers.get('content-type')?.includes('html')) page = body
    const location = response.headers.get('location') ?? ''
    return { status: response.status, body, location, headers: response.headers }
  }

  return {
    cookies,
    get: (path) => ask(path),
    async send(path, name, fields = {}) {
      const hidden = hiddenOf(page, name)
      assert.ok(hidden, `there is a form ${name}`)
      return ask(path, { method: 'POST', body: new URLSearchParams({ ...hidden, ...fields }) })
    },
  }
}

function hiddenOf(page: string, name: string): Record<string, string> | null {
  for (const [form] of page.matchAll(/<form[\s\S]*?<\/form>/g)) {
    const fields: Record<string, string> = {}
    for (const [tag] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
      const field = /name="([^"]*)"/.exec(tag)![1]!
      fields[field] = plainOf(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
    }
    if (fields.form === name) return fields
  }
  return null
}

function plainOf(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
