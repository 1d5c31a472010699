import type { Finding, Inquiry } from '../core/redeem.ts'

/** How one CAPTCHA's clients ask whether a token is good, and what they expect to hear. */
export interface Dialect {
  readonly paths: readonly string[]
  /** Picks what we need from the parameters, each of which was given once. Unknown ones are ignored. */
  read(parameters: ReadonlyMap<string, string>): Inquiry
  /** The JSON of the reply. Outside names live here, and only here. */
  write(finding: Finding): Record<string, unknown>
}

/** An instant as `yyyy-MM-ddTHH:mm:ssZ`, which is how the others write it. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+/, '')
}
