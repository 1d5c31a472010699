import { type Gap, readStep, SHOWN, type Step } from '../../src/core/noscript.ts'
import type { Seal } from '../../src/seal.ts'

/** What came of a request without JavaScript. */
export interface Shown {
  status: number
  headers: Headers
  html: string
  /** The sealed step in the page; '' if there is none. */
  step: string
  /** The token in the page; '' if there is none. */
  token: string
}

/** Asks for the frame, as a browser does for a page of a site. */
export async function askFrame(
  service: string,
  parameters: Record<string, string> | string,
  headers: Record<string, string> = {},
): Promise<Shown> {
  const query = new URLSearchParams(parameters)
  return shown(await fetch(`${service}/v1/noscript?${query}`, { headers }))
}

/** Sends one of the frame's forms. */
export async function sendFrame(
  service: string,
  fields: Record<string, string> | string[][],
  headers: Record<string, string> = {},
): Promise<Shown> {
  const body = new URLSearchParams(fields as Record<string, string>)
  return shown(await fetch(`${service}/v1/noscript`, { method: 'POST', body, headers }))
}

async function shown(response: Response): Promise<Shown> {
  const html = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    html,
    step: /name="step" value="([\w-]+)"/.exec(html)?.[1] ?? '',
    token: /(?:id="token"|name="one-captcha-response") value="([\w-]+)"/.exec(html)?.[1] ?? '',
  }
}

/** Looks into a sealed step, as nobody without the root key can. */
export function lookInto(seal: Seal, sealed: string): Step {
  const text = seal.open('noscript', sealed)
  if (text === null) throw new Error('This is no step under this key.')
  return readStep(text)
}

/** The middle of a gap, as it is pressed. */
export function middleOf(gap: Gap): { x: number; y: number } {
  return {
    x: Math.round((gap.x + gap.width / 2) * SHOWN),
    y: Math.round((gap.y + gap.height / 2) * SHOWN),
  }
}

/** The fields of a press on a picture: in its gap, or well beside it. */
export function press(seal: Seal, sealed: string, hit = true): Record<string, string> {
  const { gap } = lookInto(seal, sealed)
  if (!gap) throw new Error('There is no picture.')
  const { x, y } = middleOf(gap)
  return { step: sealed, 'at.x': String(x), 'at.y': String(hit ? y : 5) }
}
