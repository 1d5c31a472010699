import type { Picture } from '../painting/painter.ts'
import type { Pressure } from './pressure.ts'
import { allowsHost, readOrigin, type Site } from './site.ts'

/** The ways to a token in a browser without JavaScript: by pictures, or by waiting. There is no work in either. */
export type NoscriptWay = 'picture' | 'wait'

/** Where somebody is on the way without JavaScript. As with a challenge, the sealed string is all there is. */
export interface Step {
  /** 128 random bits, base64url. Spent when something comes of the step, once. */
  id: string
  sitekey: string
  /** The host name of the page it was given to. */
  host: string
  action: string
  cdata: string
  /** Where the token is posted to in the end; '' where it is copied. */
  returnTo: string
  /** What the frame is written in, and how it looks. */
  language: string
  theme: string
  startedAt: number
  issuedAt: number
  expiresAt: number
  /** '' before one was chosen. */
  way: NoscriptWay | ''
  /** Right answers in a row. */
  hits: number
  /** Where the piece belongs in the picture that was shown; null where none was. */
  gap: Gap | null
  /** Until when to wait, in epoch milliseconds; 0 where there is nothing to wait for. */
  readyAt: number
}

/** A place in a picture, in the picture's own CSS pixels. */
export interface Gap {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Pictures that must be right, one after the other. Guessing among a picture's four gaps passes 1 in 64, where the widget's way
 * lets 1 in 4 pass and asks for work as well; a program that is right in 73 % passes in 39 (`docs/economics.md`).
 */
export const ROUNDS = 3

/** The frame shows pictures a tenth smaller than the widget, so that they fit a frame of 300 pixels. */
export const SHOWN = 0.9

/**
 * How far beside the piece's place a press may be. The piece is as large as a target for a finger; gaps are four pixels
 * apart at least, so that no place belongs to two of them.
 */
const BESIDE_PX = 2
/** All gaps that can be meant are in one row: being too high or too low says nothing. */
const ABOVE_PX = 8

/** A page may be open for long before somebody begins. */
const START_LIFE_MS = 4 * 3_600_000
/** For one step, with nothing that could renew it. */
const STEP_LIFE_MS = 10 * 60_000

const WAIT_MS = 60_000
const WAIT_MAX_MS = 10 * 60_000

/** Longer fields than others of the same sort would tell something by their sealed length. */
const TEXT_MULTIPLE = 128

/** When the step ends that is made now. */
export function endOf({ way, readyAt }: Pick<Step, 'way' | 'readyAt'>, now: number): number {
  return way === '' ? now + START_LIFE_MS : Math.max(now, readyAt) + STEP_LIFE_MS
}

/** For how long somebody must wait in place of a picture. */
export function waitUnder({ network, site }: Pressure): number {
  return Math.round(Math.min(WAIT_MS * Math.max(1, network, site), WAIT_MAX_MS))
}

/** Where the piece of a picture belongs. */
export function gapIn({ gapX, y, pieceWidth, pieceHeight }: Picture): Gap {
  return { x: Math.round(gapX), y: Math.round(y), width: pieceWidth, height: pieceHeight }
}

/** True if somebody who pressed the shown picture here meant this gap. */
export function isIn(gap: Gap, press: { x: number; y: number }): boolean {
  const x = press.x / SHOWN - gap.x
  const y = press.y / SHOWN - gap.y
  return x > -BESIDE_PX && x < gap.width + BESIDE_PX && y >= -ABOVE_PX && y <= gap.height + ABOVE_PX
}

/** Where the token may be posted to: a page of the site's; null if it is none. */
export function readReturn(site: Site, input: string): URL | null {
  if (!URL.canParse(input)) return null
  const url = new URL(input)
  // Others, such as blob:, may have the origin of a site too.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  const host = readOrigin(url.origin)
  if (host === null || url.username !== '' || url.password !== '') return null
  // A test key is everybody's, and good for every host: with it, this would lead from our page to wherever a stranger likes.
  const allowed = site.test
    ? /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(host)
    : allowsHost(site, host)
  url.hash = ''
  return allowed ? url : null
}

/** Writes a step as the text that gets sealed. */
export function writeStep(step: Step): string {
  const { gap, ...facts } = step
  const digits = (n: number) => String(n).padStart(4, '0')
  const place = gap && [gap.x, gap.y, gap.width, gap.height].map(digits)
  const text = JSON.stringify([place, facts])
  return text.padEnd(Math.ceil(text.length / TEXT_MULTIPLE) * TEXT_MULTIPLE)
}

/** Reads what `writeStep` wrote. Only ever given text that our own seal vouches for. */
export function readStep(text: string): Step {
  const [place, facts] = JSON.parse(text)
  const [x, y, width, height] = (place ?? []).map(Number)
  return { ...facts, gap: place && { x, y, width, height } }
}
