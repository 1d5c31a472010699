import type { Words } from './en.ts'

export const words: Words = {
  task: '将拼图块滑入缺口',
  hint: '找到能让画面完整的那个缺口。',
  help: '拖动圆形滑块，或点按滑轨任意位置，也可使用方向键或步进按钮，然后选择“确认”。',
  picture: '这是验证码。图片上有一个缺口，需要移入一块拼图。如果看不到图片，请选择下方的“{0}”。',
  slider: '拼图块的位置',
  position: '拼图块位于 {0}，共 {1}',
  left: '左移 {0}',
  right: '右移 {0}',
  check: '确认',
  first: '请先移动拼图块。',
}
