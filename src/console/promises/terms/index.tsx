import type { Scope } from '../../http.tsx'
import { draftPage } from './draft.tsx'
import { previewPage } from './preview.tsx'
import { versionsPage } from './versions.tsx'

/** Where an operator writes the Terms, has them announced, and sees who accepted them. */
export function termsPages(scope: Scope) {
  versionsPage(scope)
  draftPage(scope)
  previewPage(scope)
}
