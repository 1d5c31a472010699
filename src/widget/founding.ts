const NAME = 'OneCaptchaToken'

/**
 * Keeps the SHA-512 of the token in a cookie while the token is good, as the founding One Captcha did; takes it away
 * for an empty token. The only cookie there ever is, and only where the page uses the founding contract.
 */
export async function keepCookie(token: string, endsAt: number): Promise<void> {
  const hex = token && (await sha512Hex(new TextEncoder().encode(token)))
  const expires = new Date(endsAt).toUTCString()
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store needs a secure context, and two browsers lack it
  document.cookie = `${NAME}=${hex}; expires=${expires}; path=/; SameSite=Lax${secure}`
}

async function sha512Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers keep their own SHA-512 from pages without TLS.
  const digest = crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest('SHA-512', bytes))
    : (await import('./sha512.ts')).sha512(bytes)
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
