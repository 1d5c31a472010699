import type { Strings } from './strings.ts'

export const strings: Strings = {
  label: 'Soy una persona',
  required: 'Marque esta casilla.',
  working: 'Un momento…',
  checking: 'Comprobando…',
  success: 'Gracias, ya está.',
  expired: 'Ha pasado un rato. Márquela de nuevo.',
  unreachable: 'Sin respuesta. Marque para reintentar.',
  busy: 'Hay mucha gente. Inténtelo en un momento.',
  refused: 'Esta página aún no está configurada.',
  unsupported: 'Este navegador no puede hacerlo.',
  retry: {
    'off-target': '¡Casi! Aquí tiene otra.',
    'machine-like': 'Probemos con otra.',
    'another-wanted': 'Aquí tiene otra.',
    'pictures-busy':
      'No hay ninguna imagen lista; su dispositivo hará un pequeño cálculo en su lugar.',
  },
  patience: 'Sin rompecabezas, solo un momento',
  patienceHelp: 'Su dispositivo hace un pequeño cálculo. Usted solo tiene que esperar.',
  lighter: 'Mejor resolver un rompecabezas',
  another: 'Otra imagen',
  instead: 'Esperar, sin rompecabezas',
  help: 'Ayuda',
  close: 'Cerrar',
  cancel: 'Cancelar',
  privacy: 'Privacidad',
  terms: 'Términos',
  test: 'Solo pruebas',
}
