import type { Words } from './en.ts'

export const words: Words = {
  task: 'Przesuń element na jego miejsce',
  hint: 'Znajdź lukę, w której dopełnia obrazek.',
  help: 'Przeciągnij okrągły uchwyt, dotknij dowolnego miejsca na torze albo użyj strzałek lub przycisków kroku. Potem wybierz Sprawdź.',
  picture:
    'To jest captcha. Na obrazku jest luka i element, który do niej pasuje. Jeśli go nie widzisz, wybierz poniżej „{0}”.',
  slider: 'Położenie elementu',
  position: 'Element na {0} z {1}',
  left: '{0} w lewo',
  right: '{0} w prawo',
  check: 'Sprawdź',
  first: 'Najpierw przesuń element.',
}
