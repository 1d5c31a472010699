import type { Actor } from '../../src/manage/manage.ts'
import type { DraftText, Version } from '../../src/terms/terms.ts'
import type { TestService } from './service.ts'

const operators = new WeakMap<object, Actor>()

/** An operator who has just proved who they are; one for each service. */
export async function operatorOf({ context }: TestService): Promise<Actor> {
  const { store } = context
  let actor = operators.get(store)
  if (!actor) {
    const account = await store.accounts.add({ login: 'terra', role: 'operator', password: null })
    const row = (await store.accounts.byId(account.id))!
    actor = { account: row, by: row.id, scopes: null, onlySite: null, elevated: true }
    operators.set(store, actor)
  }
  return actor
}

/**
 * Writes a version and announces it, as an operator does.
 *
 * @param inMs when it will be in force, from now; as early as may be where nothing is said
 */
export async function announceTerms(
  service: TestService,
  draft: Partial<DraftText> & Pick<DraftText, 'texts'>,
  inMs?: number,
): Promise<Version> {
  const { terms, tools } = service.context
  const actor = await operatorOf(service)
  await terms.desk.write(actor, { summary: 'Something is new.', acceptance: 'use', ...draft })
  const effectiveAt = inMs === undefined ? null : tools.now() + inMs
  return terms.desk.announce(actor, { effectiveAt })
}

/** What an operator changes in the text that the software comes with: something old, new, gone and moved. */
export function revised(text: string): string {
  return text
    .replace('### 4.3 Links to others', '### 4.4 Links to others')
    .replace('### 4.2 Interruptions', `${FEES}### 4.3 Interruptions`)
    .replace('We do not promise that the Service is always there.', TRYING)
    .replace(/### 10\.3 [^#]*/, '')
}

const FEES = `### 4.2 Fees

The Service is free of charge. If that changes, it changes for new accounts first.

`
const TRYING =
  'We try to keep the Service there on every day of the year, and publish how far we came on [the status page](/status); we do not promise it.'
