import type { NextReason } from '../../core/outcome.ts'
import type { Trouble } from '../machine.ts'

/** Between two puzzles: the reasons that a visitor should hear, kindly. Of the work itself nobody hears. */
type Spoken = Exclude<
  NextReason,
  'work-wrong' | 'puzzle-wanted' | 'patience-wanted' | 'lighter-wanted'
>

/** Everything the widget says. What each other language must have is what English has (`words.test.ts`). */
export interface Strings extends Record<Trouble | Spoken, string> {
  /** Of the language, where it is not from left to right. */
  direction?: string
  label: string
  /** Beside an empty box that must be ticked before the form can go. */
  required: string
  working: string
  checking: string
  success: string
  expired: string
  /** While the service is looked after, as was announced; `{}` is until when. */
  maintenance: string
  /** The panel's heading while the device works in place of a puzzle. */
  patienceTask: string
  patienceHelp: string
  /** The button of whoever would rather not wait. */
  lighter: string
  another: string
  instead: string
  help: string
  close: string
  cancel: string
  privacy: string
  terms: string
  test: string
}
