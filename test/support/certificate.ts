import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'

/** A certificate that vouches for itself, where it is, and its key. */
export interface Certificate {
  key: Buffer
  cert: Buffer
  /** For whoever is to trust it. */
  file: string
}

/** Makes a certificate for some names or addresses, good for two days, in a folder. */
export function certificateFor(names: string[], folder: string): Certificate {
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const others = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',')
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', keyFile, '-out', file, '-days', '2', '-subj', `/CN=${names[0]}`],
      ...['-addext', `subjectAltName=${others}`],
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(keyFile), cert: readFileSync(file), file }
}
