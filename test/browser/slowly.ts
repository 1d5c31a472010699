import type { Page } from '@playwright/test'

/** Has the work take until it is let go on. */
export async function slowly(page: Page): Promise<() => void> {
  let go = () => {}
  const opened = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route('**/v1/solutions', async (route) => {
    await opened
    await route.continue()
  })
  return go
}
