import type { FastifyRequest } from 'fastify'
import { createContext, type VNode } from 'preact'
import { useContext } from 'preact/hooks'
import type { Caller, LoggedIn, Opened } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../manage/manage.ts'
import type { Form } from './form.ts'
import type { Said } from './said.ts'

/** One call of one page: who calls, and with what. */
export interface Visit<Who extends LoggedIn | null = LoggedIn> {
  context: Context
  request: FastifyRequest
  who: Who
  /** Who acts, for `Manage`. Throws where nobody is logged in. */
  actor: Actor
  /** For counting tries (`Accounts`). */
  caller: Caller
  /** The page's own address, with what was asked for: where its forms are sent. */
  url: string
  /** What the address names, such as `key` in `/sites/:key`. */
  params: Record<string, string>
  /** What the address asks for; '' for nothing, or for something that is asked for twice. */
  query(name: string): string
  form: Form
  /** What every form carries. */
  csrf: string
  /** What was done before this page, in a sentence. */
  said: string | null
  /** Where the service is, as its users reach it: `https://captcha.example.org`. */
  origin: string
  /** False where browsers will not keep our cookie. */
  trustworthy: boolean
  now: number
  /** Logs in: puts the session into the browser. */
  open(opened: Opened): void
  /** Logs out: takes it out of it. */
  close(): void
}

/** What a page answers with: itself, or one of these. */
export type Answer =
  | VNode
  | { show: VNode; status: number }
  | { go: string; say?: Said }
  | { json: object }
  | { file: string; type: string; body: string | NodeJS.ReadableStream }

/** Sends the reader on to a page of the console, which then says what was done. */
export function go(to: string, say?: Said): Answer {
  return { go: to, say }
}

const Current = createContext<Visit<LoggedIn | null> | null>(null)

/** Lets all parts of a page know what it is a page of. */
export const { Provider } = Current

/** The call that this part of a page answers. */
export function useVisit(): Visit<LoggedIn | null> {
  return useContext(Current)!
}

/** Who somebody is to `Manage`. */
export function actorOf({ account, elevated }: LoggedIn): Actor {
  return { account, by: account.id, scopes: null, onlySite: null, elevated }
}
