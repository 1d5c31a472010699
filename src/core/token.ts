/** What the form carries to the site's backend, unsealed. */
export interface Token {
  /** 128 random bits, base64url. Spent once. */
  id: string
  sitekey: string
  host: string
  action: string
  cdata: string
  /** When the visitor passed, in epoch milliseconds. */
  passedAt: number
  expiresAt: number
}

/** Writes a token as the text that gets sealed. */
export function writeToken(t: Token): string {
  return JSON.stringify([t.id, t.sitekey, t.host, t.action, t.cdata, t.passedAt, t.expiresAt])
}

/** Reads what `writeToken` wrote. Only ever given text that our own seal vouches for. */
export function readToken(text: string): Token {
  const f = JSON.parse(text)
  return {
    id: f[0],
    sitekey: f[1],
    host: f[2],
    action: f[3],
    cdata: f[4],
    passedAt: f[5],
    expiresAt: f[6],
  }
}
