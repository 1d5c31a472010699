import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from 'vitest'

/** Fails if axe finds anything at all, or if the page needs scrolling sideways. */
export async function isClean(page: Page, state: string) {
  // Only so that axe opens no page of its own: ours are counted.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)
  expect(found, state).toEqual([])
  expect(await overflow(page), `${state} needs no scrolling sideways`).toBeLessThanOrEqual(0)
}

export const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
