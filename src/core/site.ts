import type { Policy } from './policy.ts'

/** How a site meets its visitors. */
export type Mode = 'invisible' | 'checkbox' | 'puzzle'

/** The modes, from the quietest to the strictest. */
export const MODES: readonly Mode[] = ['invisible', 'checkbox', 'puzzle']

/** What the public test keys do. */
export type TestBehaviour = 'pass' | 'block' | 'interactive' | 'spent'

/** Whether a site may be used. */
export type SiteState = 'active' | 'suspended'

/** A website registered with us. */
export interface Site extends Policy {
  sitekey: string
  /** Host names whose pages may show the widget: `example.test`, `*.example.test`, `localhost`, `127.0.0.1`. */
  hosts: readonly string[]
  mode: Mode
  /** What its owners call it; '' for none. */
  name: string
  /** A suspended site is refused everything until it is reinstated. */
  state: SiteState
  /** Grows with every change to the site, its secrets or its standing (`Ledger.announce`). */
  revision: number
  /** Present only for the public test keys. */
  test?: TestBehaviour
}

/**
 * True if a page on this host may use the site's key.
 *
 * @param host as the browser's `Origin` gives it: lower case, punycode, without port
 */
export function allowsHost(site: Site, host: string): boolean {
  if (site.test) return true
  return site.hosts.some((allowed) =>
    allowed.startsWith('*.')
      ? host.length > allowed.length - 1 && host.endsWith(allowed.slice(1))
      : host === allowed,
  )
}

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/** Brings a host name, as an operator writes it, into the form that `allowsHost` compares; null if it is none. */
export function readHost(input: string): string | null {
  // Nothing but a name: no scheme, port, path or user. Only an IPv6 address in brackets has colons.
  if (/[/?#@\\\s]/.test(input) || (input.includes(':') && !/^\[.*\]$/.test(input))) return null
  const wildcard = input.startsWith('*.')
  const text = `http://${wildcard ? input.slice(2) : input}`
  if (!URL.canParse(text)) return null
  const host = new URL(text).hostname
  if (host.startsWith('[')) return wildcard ? null : host
  const labels = host.split('.')
  if (host.length > 253 || !labels.every((label) => LABEL.test(label))) return null
  // `*.test` would let in everybody under a whole top-level domain.
  if (wildcard && (labels.length < 2 || /^\d+$/.test(labels.at(-1)!))) return null
  return wildcard ? `*.${host}` : host
}

/** The host name of a browser's `Origin` header; null if it names none that we could hold a page to. */
export function readOrigin(origin: string | undefined): string | null {
  const match = /^https?:\/\/([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/.exec(
    origin ?? '',
  )
  return match?.[1] ?? null
}
