import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { stepFrom } from '../core/pressure.ts'
import { challengeExpired, openChallenge, readReplies, solve } from '../core/solve.ts'
import { assertActive } from '../core/standing.ts'
import type { Trace } from '../kinds/kind.ts'
import { countSolved } from '../stats/events.ts'
import { assertAllowed, findSite, originHost } from './challenges.ts'
import { onCurrentSite, spendOf } from './current-site.ts'
import { assertWelcome, countCall, feelNetwork } from './pressure.ts'
import { ErrorReply, NextReply, SolutionInquiry, TokenReply } from './schemas.ts'

const TRACE_BYTES_MAX = 8_192

/** Judges a solution: a token, or the next challenge and why. */
export function solutions(app: FastifyInstance, context: Context) {
  const { tools } = context
  const schema = {
    summary: 'Hand in a solution',
    tags: ['widget'],
    body: SolutionInquiry,
    response: { 200: Type.Union([TokenReply, NextReply]), '4xx': ErrorReply, '5xx': ErrorReply },
  }
  app.post<{ Body: Static<typeof SolutionInquiry> }>(
    '/v1/solutions',
    { schema },
    async (request) => {
      const { challenge: sealed, instead = null } = request.body
      const trace = readTrace(request.body.trace)
      const challenge = openChallenge(tools, sealed)
      const host = originHost(request)
      if (host !== challenge.host) {
        throw new BadRequest(
          'host-not-allowed',
          'This challenge was issued to a page on another host name.',
          'origin',
        )
      }
      const step = instead === 'lighter' ? stepFrom(challenge.relief)! : null
      return onCurrentSite(
        context,
        () => findSite(context, challenge.sitekey),
        async (site) => {
          if (!site) {
            throw new BadRequest(
              'sitekey-unknown',
              'The site of this challenge is gone.',
              'challenge',
            )
          }
          assertActive(site)
          assertAllowed(site, host)
          const replies = readReplies(tools, site, challenge, request.body.replies, instead)
          let network = await feelNetwork(context, request.raw, site)
          // Looked at before it is spent: who is refused can still do the work.
          if (step) assertWelcome(network, step)

          // Spent before it is judged: one look, one try.
          const spend = await spendOf(context, site, challenge)
          if (spend === 'outdated') return spend
          if (spend === 'again') throw challengeSpent()
          if (spend === 'forgotten') throw challengeExpired()

          // Counted after it is spent: by asking again and again, nobody makes it dear for those who share the network.
          if (step) network = (await countCall(context, request.raw, site, step)).network
          const seed = hash('sha256', sealed, 'buffer')
          const solution = { challenge, replies, trace, instead, seed, network }
          const solved = solve(tools, site, solution)
          countSolved(context.tally, tools, solution, solved)
          return solved
        },
      )
    },
  )
}

function challengeSpent(): BadRequest {
  return new BadRequest(
    'challenge-spent',
    'This challenge was answered before. Ask for a new one.',
    'challenge',
  )
}

function readTrace(points: number[][] | undefined): Trace | null {
  if (!points || points.length === 0) return null
  if (JSON.stringify(points).length > TRACE_BYTES_MAX) {
    throw new BadRequest(
      'field-invalid',
      `trace must be at most ${TRACE_BYTES_MAX} bytes.`,
      'trace',
    )
  }
  return points as unknown as Trace
}
