import { Feed } from 'feed'
import type { Incident, Maintenance } from '../store/store.ts'
import { asMarkup } from '../typed-text.ts'
import type { Snapshot } from './snapshot.ts'
import { endOf, stateOf } from './standing.ts'
import { componentWords, MAINTENANCE_WORDS, STATE_WORDS, spanWords } from './words.ts'

/** Windows and incidents as an Atom feed: an entry for each, whose moment is when it last changed, by somebody or by the clock. */
export function feedOf(snapshot: Snapshot, origin: string): string {
  const { at, running, upcoming, over, open, resolved } = snapshot
  const entries = [
    ...[...running, ...upcoming, ...over].map((window) => ofWindow(window, at)),
    ...[...open, ...resolved].map(ofIncident),
  ].sort((a, b) => b.changedAt - a.changedAt)
  const feed = new Feed({
    ...{ title: 'One Captcha: status', description: 'Maintenance and incidents.' },
    ...{ id: 'urn:one-captcha:status', link: `${origin}/status`, language: 'en' },
    ...{ feedLinks: { atom: `${origin}/status/feed.atom` }, generator: 'One Captcha' },
    updated: new Date(entries[0]?.changedAt ?? at),
  })
  for (const { id, title, text, createdAt, changedAt } of entries) {
    feed.addItem({
      ...{ id: `urn:one-captcha:${id}`, link: `${origin}/status#${id}` },
      ...{ title: asMarkup(title), content: asHtml(text), author: [{ name: 'One Captcha' }] },
      ...{ published: new Date(createdAt), date: new Date(changedAt) },
    })
  }
  return feed.atom1()
}

function ofWindow(window: Maintenance, now: number) {
  const { id, title, body, components, startsAt, endsAt, createdAt } = window
  const state = stateOf(window, now)
  const byClock =
    state === 'completed' ? endOf(window) : state === 'in-progress' ? startsAt : createdAt
  return {
    ...{ id, createdAt, changedAt: Math.max(window.changedAt, byClock) },
    title: `Maintenance, ${MAINTENANCE_WORDS[state].toLowerCase()}: ${title}`,
    text: `${spanWords(startsAt, endsAt)}\n${componentWords(components)}\n${body}`,
  }
}

function ofIncident({ id, title, components, updates, createdAt }: Incident) {
  const lines = updates.map((update) => `${STATE_WORDS[update.state]}: ${update.body}`)
  return {
    ...{ id, createdAt, changedAt: updates[0]!.at },
    title: `${STATE_WORDS[updates[0]!.state]}: ${title}`,
    text: [componentWords(components), ...lines].join('\n'),
  }
}

/** What was typed is text, whatever it looks like: in HTML, and within the CDATA that the feed is written with. */
function asHtml(text: string): string {
  return asMarkup(text).replaceAll('\n', '<br/>')
}
