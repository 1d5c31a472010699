import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { BadRequest } from '../../core/bad-request.ts'
import { newId } from '../../core/issue.ts'
import {
  endOf,
  gapIn,
  isIn,
  type NoscriptWay,
  ROUNDS,
  readStep,
  type Step,
  waitUnder,
  writeStep,
} from '../../core/noscript.ts'
import { CHALLENGE, isRefused, NOSCRIPT, reserveUnder } from '../../core/pressure.ts'
import { allowsHost, type Site } from '../../core/site.ts'
import { mint } from '../../core/solve.ts'
import { assertActive } from '../../core/standing.ts'
import type { Picture } from '../../painting/painter.ts'
import { countArrived, countBegun, countPicture, countPressed } from '../../stats/events.ts'
import { findSite } from '../challenges.ts'
import { onCurrentSite, spendOf } from '../current-site.ts'
import { countCall, feelNetwork } from '../pressure.ts'
import { type Room, roomFor } from './room.ts'
import type { Deed } from './wish.ts'

/** Why a picture is followed by another. */
export type Note = 'off-target' | 'another-wanted' | 'machine-like'

/** What comes of a deed: which page, and the sealed step in it. */
export type Outcome =
  | { page: 'start'; step: string; note?: Note }
  | { page: 'picture'; step: string; note?: Note; picture: Picture; nth: number }
  | { page: 'wait'; step: string; restMs: number }
  | { page: 'token'; token: string; lifeMs: number }
  | { page: 'later'; step: string; retryAfterS: number }
  | { page: 'over'; ended: 'spent' | 'forgotten' }

/** This share of the shelf is left for those whose machines work for their pictures. */
const SHELF_LEFT = 0.5

const BUSY_S = 60
const SHELF_S = 5
const TEST_WAIT_MS = 1_000

/** Opens a step as a stranger handed it back, whether it has ended or not; null if it is not one. */
export function openStep({ tools }: Pick<Context, 'tools'>, sealed: string): Step | null {
  const text = tools.seal.open('noscript', sealed)
  return text === null ? null : readStep(text)
}

/** Where somebody begins. Not spent: nothing was given for it, and beginning is what is counted. */
export function startStep(
  { tools }: Pick<Context, 'tools'>,
  facts: Pick<Step, 'sitekey' | 'host' | 'action' | 'cdata' | 'returnTo' | 'language' | 'theme'>,
): string {
  const { sitekey, host, action, cdata, returnTo, language, theme } = facts
  return close(tools, {
    ...{ sitekey, host, action, cdata, returnTo, language, theme },
    ...{ startedAt: tools.now(), way: '', hits: 0, gap: null, readyAt: 0 },
  })
}

/** Throws unless there is a way without JavaScript on this site, for pages of this host. */
export function assertOpen(site: Site | null, host: string): asserts site is Site {
  if (!site) throw new BadRequest('sitekey-unknown', 'sitekey is not one of a site here.')
  assertActive(site)
  if (!allowsHost(site, host)) {
    throw new BadRequest('host-not-allowed', "This page's host name is not one of the site's.")
  }
  if (site.noscriptPerHour > 0) return
  throw new BadRequest(
    'forbidden',
    'The site gives out no tokens without JavaScript: noscriptPerHour is 0 in its settings.',
  )
}

/** Goes on from a step that has not ended. Spends it before anything comes of it: one look, one try. */
export function goOn(
  context: Context,
  request: IncomingMessage,
  { step, sealed }: { step: Step; sealed: string },
  deed: Deed,
): Promise<Outcome> {
  return onCurrentSite(
    context,
    () => findSite(context, step.sitekey),
    async (site): Promise<Outcome | 'outdated'> => {
      assertOpen(site, step.host)
      const trip = tripOn(context, request, site)
      if (deed.do === 'start') return { page: 'start', step: startStep(context, step) }
      if (deed.do === 'wait' && step.way !== 'wait') return trip.beginWait(step, sealed)
      if (step.way === '') return trip.beginPictures(step, sealed)
      const restMs = step.readyAt - context.tools.now()
      if (restMs > 0) return { page: 'wait', step: sealed, restMs }
      const late = await trip.notYet(step, sealed)
      if (late) return late

      switch (await spendOf(context, site, step)) {
        case 'outdated':
          return 'outdated'
        case 'again':
          return { page: 'over', ended: 'spent' }
        case 'forgotten':
          return { page: 'over', ended: 'forgotten' }
      }
      if (step.way === 'wait') return trip.finish(step, 'wait')
      return trip.judge(step, deed)
    },
  )
}

/** The ways of one visitor on one site. */
function tripOn(context: Context, request: IncomingMessage, site: Site) {
  const { tools, painter, tally } = context
  // Where every token is good for nothing, nothing is painted for it either.
  const call = site.test === 'pass' ? CHALLENGE : NOSCRIPT

  async function beginWait(step: Step, sealed: string): Promise<Outcome> {
    if (step.way === 'picture') countPressed(tally, site, 'patience')
    if (site.test === 'pass') return finish(step, 'wait')
    const later = await notNow('wait', sealed)
    if (later) return later
    const pressure = await countCall(context, request, site, call)
    countBegun(tally, site, step.action, pressure)
    const restMs = site.test ? TEST_WAIT_MS : waitUnder(pressure)
    const readyAt = tools.now() + restMs
    const next: Step = { ...begun(step), way: 'wait', hits: 0, gap: null, readyAt }
    return { page: 'wait', step: close(tools, next), restMs }
  }

  async function beginPictures(step: Step, sealed: string): Promise<Outcome> {
    if (site.test === 'pass') return finish(step, 'picture')
    return (await notNow('picture', sealed)) ?? nextPicture({ ...begun(step), way: 'picture' })
  }

  /** Time is counted from the first button, however long the page was open before. */
  function begun(step: Step): Step {
    return step.way === '' ? { ...step, startedAt: tools.now() } : step
  }

  /** Where all is done, and there is no token left: the same step is good for later, and ends when it would have ended. */
  async function notYet(step: Step, sealed: string): Promise<Outcome | null> {
    const done = step.way === 'wait' || (step.gap === null && step.hits === ROUNDS)
    const retryAfterS = done && step.way !== '' ? await room(step.way).look() : 0
    return retryAfterS > 0 ? { page: 'later', step: sealed, retryAfterS } : null
  }

  /** Nobody shall take trouble, or wait, for a token that there will not be. */
  async function notNow(way: NoscriptWay, sealed: string): Promise<Outcome | null> {
    const retryAfterS = await room(way).look()
    if (retryAfterS > 0) return { page: 'later', step: sealed, retryAfterS }
    return isRefused(await feelNetwork(context, request, site), call)
      ? { page: 'later', step: sealed, retryAfterS: BUSY_S }
      : null
  }

  /** Judges what somebody did with a picture whose step was just spent. */
  async function judge(step: Step, deed: Deed): Promise<Outcome> {
    const { gap, hits } = step
    // There was no picture when it was asked for, or no room for the token.
    if (!gap) return hits < ROUNDS ? nextPicture(step) : finish(step, 'picture')
    // The keyboard presses a picture at its corner, and nobody else does.
    if (deed.do !== 'press' || (deed.press.x === 0 && deed.press.y === 0)) {
      countPressed(tally, site, 'another')
      return nextPicture(step, 'another-wanted')
    }
    const hit = site.test ? site.test !== 'block' : isIn(gap, deed.press)
    countPressed(tally, site, hit ? 'hit' : 'off-target')
    if (!hit) return nextPicture({ ...step, hits: 0 }, 'off-target')
    const passed = site.test ? ROUNDS : hits + 1
    return passed < ROUNDS
      ? nextPicture({ ...step, hits: passed })
      : finish({ ...step, hits: passed }, 'picture')
  }

  async function nextPicture(step: Step, note?: Note): Promise<Outcome> {
    const network = await feelNetwork(context, request, site)
    const later = (retryAfterS: number): Outcome => {
      return { page: 'later', step: close(tools, { ...step, gap: null }), retryAfterS }
    }
    if (isRefused(network, call)) return later(BUSY_S)
    const picture = painter.take(Math.max(SHELF_LEFT, reserveUnder(network)))
    if (!picture) return later(SHELF_S)
    const pressure = await countCall(context, request, site, call)
    if (step.gap === null && step.hits === 0) countBegun(tally, site, step.action, pressure)
    countPicture(tally, site)
    const next = close(tools, { ...step, gap: gapIn(picture) })
    return { page: 'picture', step: next, picture, nth: step.hits + 1, ...(note && { note }) }
  }

  /** The token, if there is one left; else the step once more, for later. */
  async function finish(step: Step, way: NoscriptWay): Promise<Outcome> {
    if (site.test === 'block') {
      return { page: 'start', step: startStep(context, step), note: 'machine-like' }
    }
    const retryAfterS = await room(way).take()
    if (retryAfterS > 0) {
      return { page: 'later', step: close(tools, { ...step, way, gap: null }), retryAfterS }
    }
    const { token, expiresInMs } = mint(tools, { ...step, tokenLifeMs: site.tokenLifeMs })
    countArrived(tally, site, way, tools.now() - step.startedAt)
    return { page: 'token', token, lifeMs: expiresInMs }
  }

  function room(way: NoscriptWay): Room {
    return roomFor(context, request, site, way)
  }

  return { beginWait, beginPictures, notYet, judge, finish }
}

/** Seals a step that begins now. */
function close(tools: Context['tools'], step: Omit<Step, 'id' | 'issuedAt' | 'expiresAt'>): string {
  const issuedAt = tools.now()
  const expiresAt = endOf(step, issuedAt)
  return tools.seal.close(
    'noscript',
    writeStep({ ...step, id: newId(tools.random), issuedAt, expiresAt }),
  )
}
