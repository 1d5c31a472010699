/** What the frame for browsers without JavaScript says beside what the widget and the slider say. */
export interface Words {
  /** Above the picture. */
  task: string
  step: string
  /** `{}` is a time, such as 1 min. */
  wait: string
  /** When it is over. */
  ready: string
  go: string
  /** Beside the token. */
  copy: string
  /** `{}` is a time, such as 10 min. */
  life: string
  /** Of what has ended, or was answered before. */
  over: string
  again: string
}

export const en: Words = {
  task: 'Press where this piece belongs',
  step: 'Picture {0} of {1}',
  wait: 'Please wait: {}',
  ready: 'You can go on now.',
  go: 'Continue',
  copy: 'Copy this code and paste it into the form',
  life: 'It is good for: {}',
  over: 'This is no longer good.',
  again: 'Start again',
}
