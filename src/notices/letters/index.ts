import type { Letter, LetterPlace, Notice } from '../notice.ts'
import { accountLetter } from './account.ts'
import { alertLetter } from './alert.ts'
import { breachLetter } from './breach.ts'
import { feedbackLetter } from './feedback.ts'
import { incidentLetter } from './incident.ts'
import { maintenanceLetter } from './maintenance.ts'
import { termsLetter } from './terms.ts'

/** The letter that tells of a notice. */
export function letterOf(notice: Notice, place: LetterPlace): Letter {
  switch (notice.kind) {
    case 'terms':
      return termsLetter(notice.facts, place)
    case 'maintenance':
      return maintenanceLetter(notice.facts, place)
    case 'incident':
      return incidentLetter(notice.facts, place)
    case 'breach':
      return breachLetter(notice.facts, place)
    case 'account':
      return accountLetter(notice.facts, place)
    case 'feedback':
      return feedbackLetter(notice.facts, place)
    case 'alert':
      return alertLetter(notice.facts, place)
  }
}
