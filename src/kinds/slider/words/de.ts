import type { Words } from './en.ts'

export const words: Words = {
  task: 'Schieben Sie das Teil in seine Lücke',
  hint: 'In einer der Lücken ergänzt es das Bild.',
  help: 'Ziehen Sie den runden Griff, tippen Sie irgendwo auf die Schiene oder nehmen Sie die Pfeiltasten oder die Schritt-Tasten. Danach „Prüfen“.',
  picture:
    'Dies ist ein Captcha. Das Bild hat eine Lücke, in die ein Teil gehört. Wenn Sie es nicht sehen können, wählen Sie unten „{0}“.',
  slider: 'Lage des Teils',
  position: 'Teil bei {0} von {1}',
  left: '{0} nach links',
  right: '{0} nach rechts',
  check: 'Prüfen',
  first: 'Bewegen Sie zuerst das Teil.',
}
