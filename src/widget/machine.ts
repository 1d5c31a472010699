import type { NextReason } from '../core/outcome.ts'

/** Why the service cannot help just now. */
export type Trouble = 'unreachable' | 'busy' | 'refused' | 'unsupported'

export type Phase =
  | 'idle'
  /** The device works; nobody has to do anything. */
  | 'working'
  /** A person is asked something. */
  | 'puzzle'
  /** The device works in place of a puzzle. */
  | 'patience'
  | 'checking'
  | 'success'
  | 'expired'
  | 'error'

/** All that the widget shows. */
export interface State {
  readonly phase: Phase
  /** How much of the work is done, 0 to 1. */
  readonly share: number
  /** How long the rest of the work is expected to take, in milliseconds; 0 if that is no news. */
  readonly restMs: number
  /** The panel by the box is open. */
  readonly panel: boolean
  /** Why the last try did not do, or what stands in the way. */
  readonly note: NextReason | Trouble | null
  /** The service has been out of reach since some request, and none has got through after it. */
  readonly down: boolean
}

/** What happens, with what there is to say about it. */
export type Event =
  /** The box was ticked, or the page called `execute()`. */
  | readonly [type: 'ask']
  /** `restMs` is 0 unless it is longer than the site would have its visitors wait. */
  | readonly [type: 'progress', share: number, restMs: number]
  /** A solution is on its way. */
  | readonly [type: 'check']
  | readonly [type: 'puzzle', reason: NextReason | null]
  | readonly [type: 'work', reason: NextReason]
  | readonly [type: 'token']
  /** The token has come to its end, or the puzzle has and nobody seems to be there. */
  | readonly [type: 'lapse']
  /** The code is for the page. */
  | readonly [type: 'fail', trouble: Trouble, code: string]
  /** Some request got through. */
  | readonly [type: 'answered']
  | readonly [type: 'close']
  | readonly [type: 'reset']

export const START: State = {
  phase: 'idle',
  share: 0,
  restMs: 0,
  panel: false,
  note: null,
  down: false,
}

/** Where a tick begins something. */
export const ASKABLE: readonly Phase[] = ['idle', 'expired', 'error']

/** What is shown after an event. Pure: the element does what follows from the difference. */
export function step(state: State, ...[type, about, restMs]: Event): State {
  const { phase, down, panel } = state
  const fresh = { ...START, down }
  switch (type) {
    case 'ask':
      return ASKABLE.includes(phase) ? { ...fresh, phase: 'working' } : state
    case 'progress': {
      // Work also goes on behind a puzzle and before the box is ticked: then nobody waits for it.
      if (phase !== 'working' && phase !== 'patience') return state
      const share = Math.min(1, Math.max(state.share, about))
      // Who would wait for long hears of it, and of what can be done instead.
      return { ...state, share, restMs, ...(restMs && { phase: 'patience', panel: true }) }
    }
    case 'check':
      return ASKABLE.includes(phase) || phase === 'success'
        ? state
        : { ...state, phase: 'checking', note: null }
    case 'puzzle':
      return { ...fresh, phase: 'puzzle', panel: true, note: about }
    case 'work':
      return {
        ...fresh,
        panel,
        phase: about === 'lighter-wanted' ? 'checking' : panel ? 'patience' : 'working',
        note: about,
      }
    case 'token':
      return { ...fresh, phase: 'success', share: 1 }
    case 'lapse':
      return phase === 'success' || phase === 'puzzle' ? { ...fresh, phase: 'expired' } : state
    case 'fail': {
      const lost = down || about === 'unreachable'
      // A token in hand stays good, whatever became of the attempt to renew it.
      if (phase === 'success') return { ...state, down: lost }
      return { ...START, down: lost, phase: 'error', note: about }
    }
    case 'answered':
      if (!down) return state
      return state.note === 'unreachable' ? START : { ...state, down: false }
    case 'close':
      return panel ? fresh : state
    case 'reset':
      return fresh
  }
}
