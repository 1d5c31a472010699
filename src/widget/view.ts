import type { Trace } from '../kinds/kind.ts'
import type { h, icon } from './dom.ts'

/** What a view may use of the widget. */
export interface Stage {
  h: typeof h
  icon: typeof icon
  /** The kind's sentences in the visitor's language; English is at hand, and stands in for what cannot be had. */
  words<Words>(en: Words): Promise<Words>
  /** What the button of the way without a puzzle says. */
  instead: string
  /** The person is done: here is the reply, and how it came about if a pointer was moved. */
  done(reply: unknown, trace?: Trace): void
  /** Says a short sentence in the panel, aloud for those who listen. */
  say(sentence: string): void
}

/** A view in its place. */
export interface Mounted<Prompt> {
  /** What to do, in one sentence: the panel's heading. */
  readonly task: string
  /** What helps to see it, shown while nothing else is to be said. */
  readonly hint: string
  /** The longer version, shown on demand. */
  readonly help: string
  /** Shows a prompt: the first, or the next one after a reply. */
  show(prompt: Prompt): Promise<void>
  focus(): void
}

/** The browser half of a kind of puzzle: mounts a prompt, gives back the reply. */
export interface View<Prompt = object> {
  /** Its styles, adopted by the widget's shadow root. */
  readonly css: string
  /** Fills the place, whatever was in it before. */
  mount(place: HTMLElement, stage: Stage): Promise<Mounted<Prompt>>
}
