import { lastingWords } from '../status/words.ts'
import { FEEDBACK_KINDS, FEEDBACK_STATES, type FeedbackNumbers } from '../store/store.ts'

/** How much there was of what, and how soon it was answered. */
export function Numbers({ counts, answerMs }: FeedbackNumbers) {
  if (counts.length === 0) return <p>There was none so far.</p>
  const count = (kind: string, state: string) =>
    counts.find((one) => one.kind === kind && one.state === state)?.count ?? 0
  return (
    <>
      <table class="numbers">
        <caption class="unseen">Feedback by what it is about, and how far it is</caption>
        <thead>
          <tr>
            <td />
            {FEEDBACK_KINDS.map((kind) => (
              <th scope="col">{SHORT[kind]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FEEDBACK_STATES.map((state) => (
            <tr>
              <th scope="row">{ROWS[state]}</th>
              {FEEDBACK_KINDS.map((kind) => (
                <td>{count(kind, state)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {answerMs !== null && <p>Half of the answers came within {lastingWords(answerMs)}.</p>}
    </>
  )
}

const SHORT = { service: 'Service', terms: 'Terms', security: 'Security', abuse: 'Abuse' } as const
const ROWS = { new: 'New', open: 'Open', answered: 'Answered', closed: 'Closed' } as const
