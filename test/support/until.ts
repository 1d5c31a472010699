import { setTimeout as after } from 'node:timers/promises'

/** Waits until something holds, and fails if it does not within `withinMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 20_000,
): Promise<void> {
  const endsAt = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > endsAt) throw new Error(`Waited in vain until ${what}.`)
    await after(10)
  }
}
