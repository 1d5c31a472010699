import type { NextReason } from '../core/outcome.ts'
import type { Trace } from '../kinds/kind.ts'

/** What the widget says when it asks for a challenge. */
export interface Order {
  sitekey?: string
  action?: string
  cdata?: string
  kind?: string
  tokenLifeMs?: number
}

export interface WorkPrompt {
  algorithm: string
  effort: number
  count: number
}

export interface Task {
  kind: string
  prompt: object
}

/** A challenge as it comes over the wire, the first or a next one. */
export interface Challenge {
  challenge: string
  tasks: Task[]
  expiresInMs: number
  mode: string
  /** Where the work would take longer than this, something lighter can be asked for. */
  waitMs?: number
  test?: boolean
  /** When the service is looked after, if that is soon or now. Epoch milliseconds. */
  maintenance?: { startsAt: number; endsAt: number }
  reason?: NextReason
}

export interface Solution {
  challenge: string
  replies: unknown[]
  trace?: Trace
  instead?: 'another' | 'patience' | 'lighter'
}

export interface Token {
  token: string
  expiresInMs: number
}
