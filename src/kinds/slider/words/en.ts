/** What the slider says beside what the widget says. */
export interface Words {
  task: string
  /** How to tell the gap from those beside it. */
  hint: string
  /** The longer version of the task. */
  help: string
  /** In place of the picture, for those who cannot see it; `{0}` is the button of the other way. */
  picture: string
  slider: string
  position: string
  left: string
  right: string
  check: string
  first: string
}

export const en: Words = {
  task: 'Slide the piece into its gap',
  hint: 'Find the gap where it completes the picture.',
  help: 'Drag the round handle, or tap anywhere on its track, or use the arrow keys or the step buttons. Then choose Check.',
  picture:
    'This is a captcha. The picture has a gap, and a piece to move into it. If you cannot see it, choose “{0}” below.',
  slider: 'Position of the piece',
  position: 'Piece at {0} of {1}',
  left: '{0} to the left',
  right: '{0} to the right',
  check: 'Check',
  first: 'Move the piece first.',
}
