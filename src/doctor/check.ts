/** One thing that was looked at. */
export interface Check {
  name: string
  state: 'ok' | 'warning' | 'failing'
  message: string
}

export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message })
export const warning = (name: string, message: string): Check => ({
  name,
  state: 'warning',
  message,
})
export const failing = (name: string, message: string): Check => ({
  name,
  state: 'failing',
  message,
})
