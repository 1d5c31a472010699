/** What siteverify says, in any dialect. */
export interface Finding {
  success: boolean
  challenge_ts: string | null
  hostname: string | null
  action?: string
  cdata?: string
  reason?: string
  score?: number
  credit?: boolean
  'error-codes'?: string[]
}

export interface Verified {
  status: number
  headers: Headers
  finding: Finding
}

/** Asks as a site's backend does: a form, POSTed. */
export function verify(
  service: string,
  parameters: Record<string, string>,
  path = '/v1/siteverify',
): Promise<Verified> {
  return send(service + path, { method: 'POST', body: new URLSearchParams(parameters) })
}

export async function send(url: string, init: RequestInit): Promise<Verified> {
  const response = await fetch(url, init)
  return {
    status: response.status,
    headers: response.headers,
    finding: (await response.json()) as Finding,
  }
}
