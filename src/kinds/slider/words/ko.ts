import type { Words } from './en.ts'

export const words: Words = {
  task: '조각을 빈자리로 밀어 주세요',
  hint: '그림이 이어지는 빈자리를 찾아 주세요.',
  help: '둥근 손잡이를 끌거나 막대를 누르거나 화살표 키 또는 이동 버튼을 사용한 다음 확인을 선택하세요.',
  picture:
    '이것은 캡차입니다. 그림의 빈자리에 조각을 맞춥니다. 그림이 보이지 않으면 아래의 “{0}”를 선택하세요.',
  slider: '조각의 위치',
  position: '조각 위치 {1} 중 {0}',
  left: '왼쪽으로 {0}',
  right: '오른쪽으로 {0}',
  check: '확인',
  first: '먼저 조각을 움직여 주세요.',
}
