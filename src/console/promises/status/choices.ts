import { COMPONENT_IDS, COMPONENTS, type Component } from '../../../status/components.ts'
import type { Choice } from '../../fields.tsx'

export const TAB = '/console/promises/status'

export const COMPONENT_CHOICES: readonly (Choice & { value: Component })[] = COMPONENT_IDS.map(
  (id) => ({ value: id, label: COMPONENTS[id].name, hint: COMPONENTS[id].does }),
)
