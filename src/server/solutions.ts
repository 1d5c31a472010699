import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Context } from '../context.ts'
import { BadRequest } from '../core/bad-request.ts'
import { stepFrom } from '../core/pressure.ts'
import { openChallenge, readReplies, solve } from '../core/solve.ts'
import type { Trace } from '../kinds/kind.ts'
import { assertAllowed, findSite, originHost } from './challenges.ts'
import { assertWelcome, countCall, feelNetwork } from './pressure.ts'
import { ErrorReply, NextReply, SolutionInquiry, TokenReply } from './schemas.ts'

const TRACE_BYTES_MAX = 8_192

/** Judges a solution: a token, or the next challenge and why. */
export function solutions(app: FastifyInstance, context: Context) {
  const { tools, ledger } = context
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
      const site = await findSite(context, challenge.sitekey)
      if (!site)
        throw new BadRequest('sitekey-unknown', 'The site of this challenge is gone.', 'challenge')
      assertAllowed(site, host)
      const replies = readReplies(tools, site, challenge, request.body.replies, instead)
      const step = instead === 'lighter' ? stepFrom(challenge.relief)! : null
      let network = await feelNetwork(context, request.raw, site)
      // Looked at before it is spent: who is refused can still do the work.
      if (step) assertWelcome(network, step)

      // Spent before it is judged: one look, one try.
      if (!(await ledger.spend(challenge.id, challenge.expiresAt))) {
        throw new BadRequest(
          'challenge-spent',
          'This challenge was answered before. Ask for a new one.',
          'challenge',
        )
      }
      // Counted after it is spent: by asking again and again, nobody makes it dear for those who share the network.
      if (step) network = (await countCall(context, request.raw, site, step)).network
      const seed = hash('sha256', sealed, 'buffer')
      return solve(tools, site, { challenge, replies, trace, instead, seed, network })
    },
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
