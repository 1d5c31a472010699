import { readConfig } from '../config.ts'
import type { OpenStore } from '../opening.ts'

/** Opens the store that the environment names. Loaded when it is needed: a mistake in a command is told without. */
export async function openOurStore(): Promise<OpenStore> {
  const config = readConfig(process.env)
  const { openStore } = await import('../opening.ts')
  return openStore(config)
}
