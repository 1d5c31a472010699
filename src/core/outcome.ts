/** Why a reply did not pass. */
export type FailedReason = 'off-target' | 'machine-like' | 'work-wrong'

/** Why a solution brings another challenge instead of a token. */
export type NextReason =
  | FailedReason
  | 'puzzle-wanted'
  | 'another-wanted'
  | 'patience-wanted'
  | 'lighter-wanted'
  | 'pictures-busy'

/** Why a token is not good. Each dialect has its own word for each (`dialects/`). */
export type RefusedReason =
  | 'secret-missing'
  | 'secret-unknown'
  | 'site-suspended'
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'token-spent'
  | 'sitekey-mismatch'
  | 'hostname-mismatch'
  | 'action-mismatch'
  | 'request-unreadable'
  | 'service-failed'
