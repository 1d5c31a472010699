import type { Words } from './en.ts'

export const words: Words = {
  task: '將拼圖塊滑入缺口',
  hint: '找到能讓畫面完整的那個缺口。',
  help: '拖曳圓形滑塊，或點按滑軌任意位置，也可使用方向鍵或步進按鈕，然後選擇「確認」。',
  picture: '這是驗證碼。圖片上有一個缺口，需要移入一塊拼圖。如果看不到圖片，請選擇下方的「{0}」。',
  slider: '拼圖塊的位置',
  position: '拼圖塊位於 {0}，共 {1}',
  left: '左移 {0}',
  right: '右移 {0}',
  check: '確認',
  first: '請先移動拼圖塊。',
}
