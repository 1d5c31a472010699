import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { secondOf } from '../moments.ts'

const DAY_MS = 86_400_000
const HALF_YEAR_MS = 182 * DAY_MS

type Said = Pick<Config, 'publicUrl' | 'securityContact' | 'securityExpiresAt' | 'feedback'>

/** When `security.txt` ends: as it is set, or half a year after the day on which it is read. */
export function securityExpiry({ securityExpiresAt }: Said, nowMs: number): number {
  return securityExpiresAt ?? nowMs - (nowMs % DAY_MS) + HALF_YEAR_MS
}

/** `security.txt` (RFC 9116); null where there is nobody to tell of a weakness. */
export function securityTxt(config: Said, nowMs: number): string | null {
  const { publicUrl, securityContact, feedback } = config
  // The standard wants https: what is told of a weakness is nobody else's business.
  const origin = publicUrl?.startsWith('https://') ? publicUrl : null
  const form = feedback && origin ? `${origin}/feedback?kind=security` : null
  const contacts = [
    securityContact.includes('://') || !securityContact
      ? securityContact
      : `mailto:${securityContact}`,
    form,
  ]
  const lines = [
    ...contacts.filter(Boolean).map((contact) => `Contact: ${contact}`),
    `Expires: ${secondOf(securityExpiry(config, nowMs))}`,
    'Preferred-Languages: en',
    ...(origin ? [`Canonical: ${origin}/.well-known/security.txt`] : []),
    ...(form ? [`Policy: ${form}`] : []),
  ]
  return lines[0]!.startsWith('Contact') ? `${lines.join('\n')}\n` : null
}

/** What programs look for at the same place everywhere (RFC 8615). */
export function wellKnown(app: FastifyInstance, { config, tools }: Context) {
  const schema = { hide: true }
  if (securityTxt(config, 0) !== null) {
    app.get('/.well-known/security.txt', { schema }, (_, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', 'max-age=3600')
        .send(securityTxt(config, tools.now())),
    )
  }
  if (config.console) {
    // For password managers (W3C, “A Well-Known URL for Changing Passwords”): where somebody logs in first if need be.
    app.get('/.well-known/change-password', { schema }, (_, reply) =>
      reply.redirect('/console/account/password', 302),
    )
  }
}
