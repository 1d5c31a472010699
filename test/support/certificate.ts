import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { pathOf } from './debian.ts'

/** A certificate that vouches for itself, where it is, and its key. */
export interface Certificate {
  key: Buffer
  cert: Buffer
  keyFile: string
  /** For whoever is to trust it. */
  file: string
}

/** Makes a certificate for some names or addresses, good for some days, in a folder. */
export function certificateFor(names: string[], folder: string, days = 2): Certificate {
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const others = names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',')
  execFileSync(
    pathOf('openssl'),
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', keyFile, '-out', file, '-days', `${days}`, '-subj', `/CN=${names[0]}`],
      ...['-addext', `subjectAltName=${others}`],
    ],
    { stdio: 'ignore' },
  )
  return { key: readFileSync(keyFile), cert: readFileSync(file), keyFile, file }
}
