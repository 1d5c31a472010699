import type { View } from './view.ts'

/** The puzzles a person may meet, a line per kind; each is loaded when the first one of its kind comes. */
export const views: Record<string, () => Promise<{ view: View<never> }>> = {
  slider: () => import('../kinds/slider/view.ts'),
}
