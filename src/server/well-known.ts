import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { secondOf } from '../moments.ts'

const HALF_YEAR_MS = 182 * 86_400_000

type Said = Pick<Config, 'publicUrl' | 'securityContact' | 'securityExpiresAt' | 'feedback'>

/** When `security.txt` ends: as it is set, or half a year after the service has started. */
export function securityExpiry({ securityExpiresAt }: Said, startedAt: number): number {
  return securityExpiresAt ?? startedAt + HALF_YEAR_MS
}

/** `security.txt` (RFC 9116); null where there is nobody to tell of a weakness. */
export function securityTxt(config: Said, startedAt: number): string | null {
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
    `Expires: ${secondOf(securityExpiry(config, startedAt))}`,
    'Preferred-Languages: en',
    ...(origin ? [`Canonical: ${origin}/.well-known/security.txt`] : []),
    ...(form ? [`Policy: ${form}`] : []),
  ]
  return lines[0]!.startsWith('Contact') ? `${lines.join('\n')}\n` : null
}

/** What programs look for at the same place everywhere (RFC 8615). */
export function wellKnown(app: FastifyInstance, { config, tools }: Context) {
  const text = securityTxt(config, tools.now())
  const schema = { hide: true }
  if (text !== null) {
    app.get('/.well-known/security.txt', { schema }, (_, reply) =>
      reply.type('text/plain; charset=utf-8').header('cache-control', 'max-age=3600').send(text),
    )
  }
  if (config.console) {
    // For password managers (W3C, “A Well-Known URL for Changing Passwords”): where somebody logs in first if need be.
    app.get('/.well-known/change-password', { schema }, (_, reply) =>
      reply.redirect('/console/account/password', 302),
    )
  }
}
