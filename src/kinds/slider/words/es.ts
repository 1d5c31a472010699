import type { Words } from './en.ts'

export const words: Words = {
  task: 'Deslice la pieza hasta su hueco',
  hint: 'Busque el hueco donde completa la imagen.',
  help: 'Arrastre el control redondo, toque cualquier punto de la barra o use las flechas del teclado o los botones de paso. Después elija Comprobar.',
  picture:
    'Esto es un captcha. La imagen tiene un hueco y una pieza que va en él. Si no puede verla, elija «{0}» abajo.',
  slider: 'Posición de la pieza',
  position: 'Pieza en {0} de {1}',
  left: '{0} a la izquierda',
  right: '{0} a la derecha',
  check: 'Comprobar',
  first: 'Mueva primero la pieza.',
}
