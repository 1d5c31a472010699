import type { Page } from '@playwright/test'

/** Has the work, or something else that is asked for, take until it is let go on. */
export async function slowly(page: Page, path = '**/v1/solutions'): Promise<() => void> {
  let go = () => {}
  const opened = new Promise<void>((resolve) => {
    go = resolve
  })
  await page.route(path, async (route) => {
    await opened
    await route.continue()
  })
  return go
}
