import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto'
import { hashOf } from './draft.ts'
import type { Terms, Version } from './terms.ts'

/** A document, each of whose texts is named by its hash. */
interface Listed {
  document: 'terms' | 'privacy'
  /** Of the Terms; what is made from the settings has none. */
  version?: number
  state?: Version['state']
  announcedAt?: number | null
  effectiveAt?: number | null
  endedAt?: number | null
  /** The first binds. */
  texts: readonly { lang: string; path: string; sha256: string }[]
}

/** What is agreed on with who uses the service: every document in force, what will be, and what was. */
export interface Manifest {
  service: string
  operator: string
  inForce: readonly Listed[]
  announced: readonly Listed[]
  superseded: readonly Listed[]
}

/** The list of documents in force, with a signature under each root key. */
export interface SignedManifest {
  manifest: Manifest
  /** Of the manifest's canonical JSON: one under each root key, so that who knows an old key learns the new one. */
  signatures: readonly { algorithm: 'Ed25519'; publicKey: string; signature: string }[]
}

/** What stands before the 32 bytes of a private key in DER (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Lists all documents, and signs the list.
 *
 * @param rootKeys the newest first
 * @param privacy the privacy notice as a text
 */
export function makeManifest(options: {
  terms: Terms
  rootKeys: readonly Uint8Array[]
  service: string
  operator: string
  privacy: string
}): () => Promise<SignedManifest> {
  const { terms, service, operator } = options
  const keys = options.rootKeys.map(signingKey)
  const privacy: Listed = {
    document: 'privacy',
    texts: [{ lang: 'en', path: '/privacy.md', sha256: hashOf(options.privacy) }],
  }
  let signed = { text: '', signatures: [] as SignedManifest['signatures'] }

  return async () => {
    const versions = await terms.versions()
    const of = (...states: Version['state'][]) =>
      versions.filter(({ state }) => states.includes(state)).map(listed)
    const manifest = {
      ...{ service, operator },
      inForce: [...of('in-force', 'founding'), privacy],
      announced: of('announced'),
      superseded: of('superseded'),
    }
    const text = canonical(manifest)
    if (signed.text !== text) {
      signed = { text, signatures: keys.map((key) => signatureOf(key, text)) }
    }
    return { manifest, signatures: signed.signatures }
  }
}

/** JSON in the one way of RFC 8785: names in order, nothing between. Ours has strings, whole numbers and null. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

/** Where the bytes are whose hash a version's text has. */
export function pathOfText(number: number, lang: string): string {
  return `/terms/versions/${number}.md?lang=${encodeURIComponent(lang)}`
}

function listed({ number, state, announcedAt, effectiveAt, endedAt, texts }: Version): Listed {
  return {
    ...{ document: 'terms', version: number, state, announcedAt, effectiveAt, endedAt },
    texts: texts.map(({ lang, hash }) => ({ lang, path: pathOfText(number, lang), sha256: hash })),
  }
}

function signingKey(root: Uint8Array): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', root, '', 'one-captcha terms manifest', 32))
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
}

function signatureOf(key: KeyObject, text: string) {
  return {
    algorithm: 'Ed25519' as const,
    publicKey: createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString(),
    signature: sign(null, Buffer.from(text), key).toString('base64'),
  }
}
