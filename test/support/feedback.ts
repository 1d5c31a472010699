import { decode } from 'node:querystring'
import type { TestService } from './service.ts'
import { quickToken } from './visitor.ts'

/** What a page or the API answered. */
export interface Seen {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  body: any
}

/** Somebody who writes, on a network of their own. The service must trust 127.0.0.0/8 as a proxy. */
export interface Writer {
  /** Sends the form on the page. */
  form(fields: Record<string, string>, path?: string): Promise<Seen>
  /** Calls the API. Paths begin after `/v1/feedback`. */
  api(body: unknown, path?: string, headers?: Record<string, string>): Promise<Seen>
}

let networks = 0

export function newWriter({ url }: Pick<TestService, 'url'>): Writer {
  const nth = ++networks
  const headers = { 'x-forwarded-for': `198.18.${nth % 256}.7` }
  const seen = async (response: Response): Promise<Seen> => {
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json && JSON.parse(text),
    }
  }
  return {
    form: async (fields, path = '/feedback') =>
      seen(await fetch(url + path, { method: 'POST', headers, body: new URLSearchParams(fields) })),
    api: async (body, path = '', more = {}) =>
      seen(
        await fetch(`${url}/v1/feedback${path}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', ...more },
          body: JSON.stringify(body),
        }),
      ),
  }
}

/** A token of the widget on the form, without its work. */
export async function feedbackToken(service: TestService): Promise<string> {
  const { guards, tools } = service.context
  const sitekey = await guards.feedback.sitekey()
  const page = { service: service.url, origin: service.url }
  const now = tools.now()
  return quickToken(page, tools.seal, {
    ...{ sitekey, host: new URL(service.url).hostname, action: guards.feedback.action },
    ...{ startedAt: now, issuedAt: now, expiresAt: now + 600_000 },
  })
}

/** What a page's form would send again. */
export function hiddenIn(text: string, name: string): string {
  const value = new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(text)?.[1]
  return decode(`x=${(value ?? '').replaceAll('+', '%2B')}`).x as string
}

/** The receipt that a page shows. */
export function receiptIn(text: string): string {
  return /ocr_\w{49}/.exec(text)?.[0] ?? ''
}
