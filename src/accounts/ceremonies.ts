import type * as WebAuthn from '@simplewebauthn/server'
import type { Random } from '../core/random.ts'
import type { Account, Passkey } from '../store/store.ts'

const TIMEOUT_MS = 5 * 60_000
const PART_CHARS_MAX = 8_000
/** Ed25519, P-256 and RSA: what every authenticator has one of. */
const ALGORITHMS = [-8, -7, -257]

/** Asks an authenticator, and reads what it says. It must hold the key itself, and have checked who uses it. */
export interface Ceremonies {
  /** False where browsers have no passkeys for the service's address, which is no name. */
  able: boolean
  creation(account: Account, known: readonly Passkey[]): Promise<Asked>
  /** @param known the keys that will do; absent for any */
  request(known?: readonly Passkey[]): Promise<Asked>
  /** A new key; null if this is no answer to the challenge. */
  readNew(
    answer: unknown,
    challenge: string,
  ): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'> | null>
  /** Which key an answer claims to be from, and for whom; null if it is no answer. Nothing of it is proved yet. */
  claimOf(answer: unknown): { id: string; owner: string | null } | null
  /** How often the key was used, as it says; null if the answer does not prove that it was there. */
  check(answer: unknown, challenge: string, passkey: Passkey): Promise<number | null>
}

export interface Asked {
  options: object
  challenge: string
}

/** @param publicUrl where the service is; null for this machine, at whatever port */
export function makeCeremonies(publicUrl: string | null, random: Random): Ceremonies {
  const rpID = publicUrl === null ? 'localhost' : new URL(publicUrl).hostname
  // The library is large, and most starts of the service need nothing of it.
  const library = (): Promise<typeof WebAuthn> => import('@simplewebauthn/server')

  return {
    able: !/^[\d.]+$|^\[/.test(rpID),

    async creation(account, known) {
      const options = await (await library()).generateRegistrationOptions({
        ...{ rpName: 'One Captcha', rpID, timeout: TIMEOUT_MS, challenge: newChallenge() },
        ...{ userName: account.login, userID: bytesOf(account.id) },
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      return { options, challenge: options.challenge }
    },

    async request(known = []) {
      const options = await (await library()).generateAuthenticationOptions({
        ...{ rpID, timeout: TIMEOUT_MS, challenge: newChallenge(), userVerification: 'required' },
        allowCredentials: known.map(({ id, transports }) => ({ id, transports })),
      })
      return { options, challenge: options.challenge }
    },

    async readNew(answer, challenge) {
      const response = readAnswer(answer, ['attestationObject', 'clientDataJSON'])
      if (!response) return null
      try {
        const { registrationInfo } = await (await library()).verifyRegistrationResponse({
          response: response as unknown as WebAuthn.RegistrationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: originOf(response),
          expectedRPID: rpID,
          requireUserVerification: true,
          supportedAlgorithmIDs: ALGORITHMS,
        })
        if (!registrationInfo) return null
        const { id, publicKey, counter } = registrationInfo.credential
        const transports = readTransports(answer)
        return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports }
      } catch {
        // Whatever is wrong with an answer, it is a stranger's mistake.
        return null
      }
    },

    claimOf(answer) {
      const response = readAnswer(answer, ['authenticatorData', 'clientDataJSON', 'signature'])
      if (!response) return null
      const handle = (answer as Answer).response.userHandle
      const owner = isPart(handle) ? Buffer.from(handle, 'base64url').toString() : null
      return { id: response.id, owner }
    },

    async check(answer, challenge, { id, publicKey, counter }) {
      const response = readAnswer(answer, ['authenticatorData', 'clientDataJSON', 'signature'])
      if (!response) return null
      try {
        const { verified, authenticationInfo } = await (
          await library()
        ).verifyAuthenticationResponse({
          response: response as unknown as WebAuthn.AuthenticationResponseJSON,
          expectedChallenge: challenge,
          expectedOrigin: originOf(response),
          expectedRPID: rpID,
          requireUserVerification: true,
          credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter },
        })
        return verified ? authenticationInfo.newCounter : null
      } catch {
        return null
      }
    },
  }

  function newChallenge() {
    return Uint8Array.from(random.bytes(32))
  }

  /** Where an answer must be from: our address, or this machine at whatever port it says. */
  function originOf({ response }: Answer): string {
    if (publicUrl !== null) return publicUrl
    const { origin } = JSON.parse(Buffer.from(response.clientDataJSON!, 'base64url').toString())
    const here = typeof origin === 'string' && /^http:\/\/localhost(:\d{1,5})?$/.test(origin)
    return here ? origin : 'http://localhost'
  }
}

interface Answer {
  id: string
  rawId: string
  type: string
  clientExtensionResults: object
  response: Record<string, string>
}

/** The parts of an answer that are needed, and nothing else of what was sent. */
function readAnswer(answer: unknown, parts: readonly string[]): Answer | null {
  const { id, rawId, type, response } = (answer ?? {}) as Partial<Answer>
  if (!isPart(id) || rawId !== id || type !== 'public-key') return null
  if (typeof response !== 'object' || response === null) return null
  const read = Object.fromEntries(parts.map((part) => [part, response[part]]))
  if (!Object.values(read).every(isPart)) return null
  return { id, rawId, type, clientExtensionResults: {}, response: read as Record<string, string> }
}

function isPart(part: unknown): part is string {
  return typeof part === 'string' && /^[\w-]+$/.test(part) && part.length <= PART_CHARS_MAX
}

function readTransports(answer: unknown): string[] {
  const { transports } = (answer as { response: { transports?: unknown } }).response
  const known = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']
  return Array.isArray(transports) ? known.filter((one) => transports.includes(one)) : []
}

function bytesOf(text: string) {
  return Uint8Array.from(Buffer.from(text))
}
