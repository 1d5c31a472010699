import type { float, placeBeside } from './beside.ts'
import type { Captcha } from './captcha.ts'
import type { h } from './dom.ts'
import type { MakeStand } from './stand.ts'

/** What an element's attributes say that most do not. */
export interface Modes {
  /** Has a captcha appear in another way: puts other deeds in the place of its own. What it has anyway is lent. */
  appear?(captcha: Captcha, make: typeof h, float_: typeof float, place: typeof placeBeside): void
  stand?: MakeStand
  /** Begins when the element is seen. */
  watch?(element: Element, begin: () => void): void
}
