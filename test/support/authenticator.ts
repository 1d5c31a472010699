import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A passkey that lives in a test: a key on P-256, with what an authenticator says about it (WebAuthn, 6.1 and 6.5). */
export interface Authenticator {
  id: string
  /** Answers to `navigator.credentials.create`. */
  create(options: object): object
  /** Answers to `navigator.credentials.get`. */
  get(options: object): object
  /** What it is to say from now on. */
  says: { origin: string; rpId: string; verified: boolean; counter: number; owner: string | null }
}

export function newAuthenticator(origin: string, rpId: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  const says: Authenticator['says'] = { origin, rpId, verified: true, counter: 1, owner: null }

  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: says.origin, crossOrigin: false }))
  const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest()
  const data = (more: Buffer = Buffer.alloc(0)) => {
    // User present 1, user verified 4, key included 64.
    const flags = 1 | (says.verified ? 4 : 0) | (more.length > 0 ? 64 : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(says.counter)
    return Buffer.concat([sha256(says.rpId), Buffer.of(flags), counter, more])
  }
  const answer = (response: Record<string, Buffer | string[]>) => ({
    ...{ id: text(id), rawId: text(id), type: 'public-key' },
    response: Object.fromEntries(
      Object.entries(response).map(([name, part]) => [
        name,
        Buffer.isBuffer(part) ? text(part) : part,
      ]),
    ),
  })

  return {
    ...{ id: text(id), says },
    create(options) {
      const { challenge, user } = options as { challenge: string; user: { id: string } }
      says.owner = user.id
      const { x, y } = publicKey.export({ format: 'jwk' })
      // COSE: kty 2 (EC2), alg -7 (ES256), crv 1 (P-256), x, y.
      const key = cbor(
        new Map<unknown, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x!, 'base64url')],
          [-3, Buffer.from(y!, 'base64url')],
        ]),
      )
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const authData = data(Buffer.concat([Buffer.alloc(16), length, id, key]))
      const attestation = new Map<unknown, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ])
      return answer({
        clientDataJSON: clientData('webauthn.create', challenge),
        attestationObject: cbor(attestation),
        transports: ['internal'],
      })
    },
    get(options) {
      const { challenge } = options as { challenge: string }
      const clientDataJSON = clientData('webauthn.get', challenge)
      const authenticatorData = data()
      const signature = createSign('sha256')
        .update(Buffer.concat([authenticatorData, sha256(clientDataJSON)]))
        .sign(privateKey)
      const parts: Record<string, Buffer> = { clientDataJSON, authenticatorData, signature }
      if (says.owner) parts.userHandle = Buffer.from(says.owner, 'base64url')
      return answer(parts)
    },
  }
}

function text(bytes: Buffer): string {
  return bytes.toString('base64url')
}

/** As much of CBOR (RFC 8949) as authenticators write. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([head(3, value.length), Buffer.from(value)])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)])
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.of((major << 5) | count)
  if (count < 256) return Buffer.of((major << 5) | 24, count)
  return Buffer.of((major << 5) | 25, count >> 8, count & 255)
}
