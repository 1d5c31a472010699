/** What one call of siteverify brought. */
export type Heard =
  | { kind: 'finding'; finding: Found }
  /** The service could not be asked. `again`: a second try may help, after so many milliseconds. */
  | { kind: 'nothing'; reason: UnavailableReason; again: number | null }

export type UnavailableReason =
  | 'timeout'
  | 'network-error'
  | 'service-failed'
  | 'too-many-requests'
  | 'reply-invalid'
  | 'aborted'

/** What the service says about a token, read and no longer unknown. */
export type Found =
  | { success: true; hostname: string; action: string; cdata: string; passedAt: number }
  | { success: false; reason: string; codes: string[] }

const REPLY_BYTES_MAX = 65_536
const PAUSE_MS = 100
const RETRY_AFTER_MAX_MS = 2_000

/** Reads a reply of siteverify. Only what is wholly understood is a finding. */
export async function readReply(response: Response): Promise<Heard> {
  const text = await readText(response)
  const found = text === null ? null : readFound(text)
  // A refusal in siteverify's own words counts, whatever its status: a wrong secret is not a service that is away.
  if (found && !found.success && !found.codes.includes('internal-error')) {
    return { kind: 'finding', finding: found }
  }
  const { status } = response
  if (status >= 500) return nothing('service-failed', pauseOf(response))
  if (status === 429) return nothing('too-many-requests', pauseOf(response))
  // The call is at fault, not the service. A visitor, or a wrong address, may be the cause: it must never pass.
  if (status >= 400) return wrongCall('request-unreadable')
  if (status >= 300 || status === 0) return wrongCall('redirected')
  if (status !== 200 || !found?.success) return nothing('reply-invalid', null)
  return { kind: 'finding', finding: found }
}

export function nothing(reason: UnavailableReason, again: number | null = PAUSE_MS): Heard {
  return { kind: 'nothing', reason, again }
}

function wrongCall(reason: string): Heard {
  return { kind: 'finding', finding: { success: false, reason, codes: ['bad-request'] } }
}

/** How long to wait before the second try: as the service says, if that is soon; null for not at all. */
function pauseOf(response: Response): number | null {
  const said = response.headers.get('retry-after')
  if (said === null) return response.status === 429 ? null : PAUSE_MS
  const waitMs = /^\d{1,9}$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - Date.now()
  return waitMs <= RETRY_AFTER_MAX_MS ? Math.max(waitMs, PAUSE_MS) : null
}

/** The body, as far as it is bounded; null if it is longer. */
async function readText(response: Response): Promise<string | null> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > REPLY_BYTES_MAX) {
      await reader.cancel().catch(() => {})
      return null
    }
    text += decoder.decode(value, { stream: true })
  }
}

function readFound(text: string): Found | null {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return null
  const fields = said as Record<string, unknown>
  if (fields.success === true) {
    const { hostname, action, cdata } = fields
    const passedAt = Date.parse(String(fields.challenge_ts))
    if (typeof hostname !== 'string' || Number.isNaN(passedAt)) return null
    return { success: true, hostname, action: textOf(action), cdata: textOf(cdata), passedAt }
  }
  const codes = fields['error-codes']
  if (fields.success !== false || !Array.isArray(codes)) return null
  return {
    success: false,
    reason: textOf(fields.reason) || 'request-unreadable',
    codes: codes.filter((code) => typeof code === 'string'),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
