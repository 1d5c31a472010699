import type { Words } from './en.ts'

export const words: Words = {
  task: 'ピースをすき間に合わせてください',
  hint: '絵がつながるすき間を探してください。',
  help: '丸いつまみを動かすか、レールをタップするか、矢印キーや移動ボタンで動かして、「確認」を選んでください。',
  picture:
    'これは CAPTCHA です。画像のすき間にピースを合わせます。見えない場合は、下の「{0}」を選んでください。',
  slider: 'ピースの位置',
  position: 'ピースの位置 {0}／{1}',
  left: '左へ {0}',
  right: '右へ {0}',
  check: '確認',
  first: 'まずピースを動かしてください。',
}
