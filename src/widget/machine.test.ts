import { describe, expect, it } from 'vitest'
import { type Event, START, type State, step } from './machine.ts'

const showing = (...events: Event[]) =>
  events.reduce<State>((state, event) => step(state, ...event), START)
const ask = ['ask'] as const
const puzzle = ['puzzle', 'puzzle-wanted'] as const
const check = ['check'] as const
const token = ['token'] as const
const lost = ['fail', 'unreachable', 'network-error'] as const

describe('the way to a token', () => {
  it('goes from a tick through work and a check to success', () => {
    expect(showing(ask).phase).toBe('working')
    expect(showing(ask, check).phase).toBe('checking')
    expect(showing(ask, check, token)).toMatchObject({ phase: 'success', share: 1, panel: false })
  })

  it('opens the panel for a puzzle, and keeps it open until the token is there', () => {
    expect(showing(ask, check, puzzle)).toMatchObject({ phase: 'puzzle', panel: true })
    expect(showing(ask, check, puzzle, check)).toMatchObject({ phase: 'checking', panel: true })
    expect(showing(ask, check, puzzle, check, token).panel).toBe(false)
  })

  it('says why there is another puzzle', () => {
    const state = showing(ask, check, puzzle, check, ['puzzle', 'off-target'])
    expect(state).toMatchObject({ phase: 'puzzle', note: 'off-target' })
    expect(step(state, ...check).note).toBe(null)
  })

  it('shows longer work in the panel if it is open, and in the box if not', () => {
    const work = ['work', 'patience-wanted'] as const
    expect(showing(ask, check, puzzle, check, work)).toMatchObject({
      phase: 'patience',
      panel: true,
    })
    expect(showing(ask, check, work)).toMatchObject({ phase: 'working', panel: false, share: 0 })
  })

  it('ignores a tick while something goes on or is done', () => {
    for (const state of [showing(ask), showing(ask, check), showing(ask, check, token)])
      expect(step(state, ...ask)).toBe(state)
  })

  it('shows progress only to those who wait for it, and never backwards', () => {
    const half = ['progress', 0.5, 0] as const
    expect(step(START, ...half)).toBe(START)
    expect(showing(ask, half, ['progress', 0.2, 0]).share).toBe(0.5)
    expect(showing(ask, ['progress', 7, 0]).share).toBe(1)
    expect(showing(ask, check, puzzle, half).share).toBe(0)
  })

  it('says in the panel when the work would take long, and no more when it would not', () => {
    const long = ['progress', 0.1, 9_000] as const
    const waiting = showing(ask, long)
    expect(waiting).toMatchObject({ phase: 'patience', panel: true, restMs: 9_000 })
    const soon = step(waiting, 'progress', 0.5, 0)
    expect(soon).toMatchObject({ phase: 'patience', panel: true, restMs: 0 })
    for (const state of [START, showing(ask, check, token)])
      expect(step(state, ...long)).toBe(state)
  })

  it('shows a short check between giving up long work and the puzzle in its place', () => {
    const long = ['progress', 0.1, 9_000] as const
    const state = showing(ask, long, check, ['work', 'lighter-wanted'])
    expect(state).toMatchObject({ phase: 'checking', panel: true, restMs: 0 })
    expect(step(state, ...puzzle)).toMatchObject({ phase: 'puzzle', panel: true })
  })
})

describe('what may come between', () => {
  it('lets a token lapse, and be asked for again', () => {
    const lapsed = showing(ask, check, token, ['lapse'])
    expect(lapsed.phase).toBe('expired')
    expect(step(lapsed, ...ask).phase).toBe('working')
    expect(step(START, 'lapse')).toBe(START)
  })

  it('closes the panel without a word of blame', () => {
    expect(showing(ask, check, puzzle, ['close'])).toEqual(START)
    expect(step(START, 'close')).toBe(START)
  })

  it('keeps a good token when a renewal fails', () => {
    expect(showing(ask, check, token, lost)).toMatchObject({ phase: 'success', down: true })
  })

  it('knows an outage from its first to its last request', () => {
    const down = showing(ask, lost)
    expect(down).toMatchObject({ phase: 'error', note: 'unreachable', down: true })
    expect(step(down, ...ask)).toMatchObject({ phase: 'working', down: true })
    expect(step(step(down, ...ask), ...lost)).toMatchObject({ phase: 'error', down: true })
    expect(step(down, 'answered')).toEqual(START)
    expect(step(step(down, ...ask), 'answered')).toMatchObject({
      phase: 'working',
      down: false,
    })
  })

  it('does not take a refusal for an outage', () => {
    const refused = showing(ask, ['fail', 'refused', 'sitekey-unknown'])
    expect(refused).toMatchObject({ phase: 'error', note: 'refused', down: false })
    expect(step(refused, 'answered')).toBe(refused)
  })

  it('forgets everything but the outage when it is reset', () => {
    const states: State[] = [showing(ask), showing(ask, check, puzzle), showing(ask, check, token)]
    for (const state of states) expect(step(state, 'reset')).toEqual(START)
    expect(step(showing(ask, lost), 'reset')).toEqual({ ...START, down: true })
  })
})
