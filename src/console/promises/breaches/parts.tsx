import { type Clock, clockOf } from '../../../breaches/breach.ts'
import type { Breach } from '../../../store/store.ts'
import { Badge } from '../../parts.tsx'
import { useVisit } from '../../visit.ts'
import { hours } from '../moments.ts'

/** How long there is until the authority must be told. */
export function ClockBadge({ breach }: { breach: Breach }) {
  const [state, words] = inWords(clockOf(breach, useVisit().now))
  return <Badge state={state}>{words}</Badge>
}

function inWords(clock: Clock): [badge: string, words: string] {
  switch (clock.state) {
    case 'running':
      return ['ending', `${hours(clock.leftMs)} left`]
    case 'overdue':
      return ['bad', `${hours(clock.overMs)} overdue`]
    case 'told':
      return clock.lateMs > 0
        ? ['bad', `told ${hours(clock.lateMs)} late`]
        : ['good', 'told in time']
    case 'none':
      return ['good', 'nobody to tell']
  }
}

/** Lines of plain text. */
export function Lines({ text }: { text: string }) {
  if (text === '') return <span class="hint">not known yet</span>
  return <span class="lines">{text}</span>
}
