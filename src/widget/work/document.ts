import { createHash } from 'node:crypto'

/** The frame's document, and the headers that it and the worker must be served with. */
export interface WorkDocument {
  html: string
  headers: Record<string, string>
}

/**
 * Writes the frame's document. The script is inline, and allowed by its hash: fetching it would cost another round trip.
 *
 * @param script `frame.ts`, bundled as a classic script
 */
export function workDocument(script: string): WorkDocument {
  const code = script.trim()
  if (code.includes('</script')) throw new Error('The script would end its own element.')
  const hash = createHash('sha256').update(code).digest('base64')
  return {
    html: `<!doctype html><html lang="en"><meta charset="utf-8"><title>One Captcha</title><script>${code}</script>`,
    headers: {
      ...WORK_HEADERS,
      // Any page may have this frame: it shows nothing, does only work, and tells only its parent.
      'content-security-policy': `default-src 'none'; script-src 'self' 'sha256-${hash}' 'wasm-unsafe-eval'; worker-src 'self'; frame-ancestors *; base-uri 'none'; form-action 'none'`,
    },
  }
}

/** For the worker and the solver. */
export const WORK_HEADERS = {
  // A worker has its own policy: that of the page never keeps WebAssembly from it.
  'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'`,
  // Pages that isolate themselves take only frames and workers that do so too.
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'cross-origin',
  // The solver is imported as a module by pages of other origins.
  'access-control-allow-origin': '*',
}
