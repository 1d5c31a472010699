/** The parts of the service as people know them, and in words for them. */
export const COMPONENTS = {
  challenges: {
    name: 'Challenges',
    does: 'Visitors get challenges and solve them.',
  },
  siteverify: {
    name: 'Verification',
    does: 'Sites’ backends hear whether a token is good.',
  },
  console: {
    name: 'Console',
    does: 'Developers and operators look after their sites, by page or by API.',
  },
  notices: {
    name: 'Notices',
    does: 'Letters and webhooks go out.',
  },
} as const

export type Component = keyof typeof COMPONENTS

export const COMPONENT_IDS = Object.keys(COMPONENTS) as Component[]

/** How a look found a part: it works; it works, but not as it should; it does not. */
export type Health = 'good' | 'poor' | 'bad'

/** From the best to the worst. */
const HEALTHS: readonly Health[] = ['good', 'poor', 'bad']

/** The worst of some; good where there is none. */
export function worst(...found: Health[]): Health {
  return HEALTHS[Math.max(...found.map((one) => HEALTHS.indexOf(one)), 0)]!
}
