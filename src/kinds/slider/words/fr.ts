import type { Words } from './en.ts'

export const words: Words = {
  task: 'Glissez la pièce à sa place',
  hint: 'Trouvez le trou où elle complète l’image.',
  help: 'Faites glisser la poignée ronde, touchez la piste, ou utilisez les flèches du clavier ou les boutons de pas. Puis choisissez Vérifier.',
  picture:
    'Ceci est un captcha. L’image a un trou où placer une pièce. Si vous ne la voyez pas, choisissez « {0} » ci-dessous.',
  slider: 'Position de la pièce',
  position: 'Pièce à {0} sur {1}',
  left: '{0} vers la gauche',
  right: '{0} vers la droite',
  check: 'Vérifier',
  first: 'Déplacez d’abord la pièce.',
}
