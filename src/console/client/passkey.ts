/** Logs in, proves and adds by passkey: a button where a browser can do that, and a form that is sent with the answer. */

interface Listed {
  id: string
  type: 'public-key'
}

/** What the server asks with: the browser's own options, with base64url in place of bytes. */
interface Options {
  challenge: string
  user: { id: string; name: string; displayName: string }
  excludeCredentials?: Listed[]
  allowCredentials?: Listed[]
}

const WAYS = {
  'log-in': { words: 'Log in with a passkey', options: '/console/passkey-options', prefix: '' },
  prove: { words: 'Use a passkey', options: '/console/passkey-options', prefix: 'proof-' },
  add: { words: 'Add it', options: '/console/account/passkey-options', prefix: '' },
} as const

for (const place of document.querySelectorAll<HTMLElement>('[data-passkey]')) {
  const way = WAYS[place.dataset.passkey as keyof typeof WAYS]
  // Browsers have passkeys on trustworthy addresses alone, and never for an address that is no name.
  const able = window.PublicKeyCredential && !/^[\d.]+$|^\[/.test(location.hostname)
  if (way && able) offer(place, way)
}

function offer(place: HTMLElement, way: (typeof WAYS)[keyof typeof WAYS]) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = way.words
  if (way !== WAYS.add) button.className = 'quiet'
  const status = document.createElement('p')
  status.className = 'hint'
  status.setAttribute('role', 'status')
  place.append(button, status)
  place.hidden = false
  const form = place.closest('form')!
  if (way === WAYS.add) waitForAnswer(form, button)

  button.addEventListener('click', async () => {
    button.disabled = true
    status.textContent = ''
    try {
      const response = await fetch(way.options, { headers: { accept: 'application/json' } })
      // The proof that was given has ended meanwhile: the page itself asks for it.
      if (response.status === 403) return location.reload()
      if (!response.ok) throw new Error(String(response.status))
      const { options, pending } = (await response.json()) as { options: Options; pending: string }
      const answer = way === WAYS.add ? await create(options) : await get(options)
      put(form, way.prefix ? 'proof-passkey' : 'answer', JSON.stringify(answer))
      put(form, `${way.prefix}pending`, pending)
      form.requestSubmit()
    } catch (error) {
      const { name } = error as Error
      status.textContent =
        name === 'InvalidStateError'
          ? 'This device has a passkey for your account already.'
          : name === 'NotAllowedError'
            ? 'That was cancelled, or took too long.'
            : 'That did not work. Please try again.'
    } finally {
      button.disabled = false
    }
  })
}

/** Without an answer there is nothing to send: whoever presses Enter wants the button. */
function waitForAnswer(form: HTMLFormElement, button: HTMLButtonElement) {
  form.addEventListener('submit', (event) => {
    if (form.querySelector('input[name=answer]')) return
    event.preventDefault()
    event.stopPropagation()
    button.click()
  })
}

function put(form: HTMLFormElement, name: string, value: string) {
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = name
  field.value = value
  for (const old of form.querySelectorAll(`input[type=hidden][name="${name}"]`)) old.remove()
  form.append(field)
}

async function create(options: Options) {
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    } as unknown as PublicKeyCredentialCreationOptions,
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return answerOf(credential, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

async function get(options: Options) {
  const credential = (await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: listed(options.allowCredentials),
    } as PublicKeyCredentialRequestOptions,
  })) as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return answerOf(credential, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
  })
}

function answerOf({ id, type }: PublicKeyCredential, response: object) {
  return { id, rawId: id, type, response }
}

function listed(credentials: Listed[] = []) {
  return credentials.map((one) => ({ ...one, id: bytes(one.id) }))
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const base64 = base64url.replace(/-/g, '+').replace(/_/g, '/')
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}
