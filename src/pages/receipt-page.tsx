import type { Finding } from '../feedback/personal.ts'
import { TEXT_MAX } from '../feedback/read.ts'
import type { FeedbackThread } from '../store/store.ts'
import { Alert, KINDS, Mistake, Question, STATES, When, Written } from './feedback-parts.tsx'
import { Icon, TICK } from './mark.tsx'
import { Page } from './page.tsx'

const FORM = 'message'

interface ReceiptProps {
  /** What it leads to; null while nobody has said a code that leads anywhere. */
  thread: FeedbackThread | null
  code: string
  /** What is to be said about the code, or about all of it. */
  mistake?: string
  /** A further message that was not kept yet, and why. */
  message?: { text: string; mistake?: string; findings?: readonly Finding[] }
  done?: 'added' | 'deleted'
  demo: boolean
}

/** What a receipt leads to. The code is in forms alone, and never in an address: those end up in logs. */
export function ReceiptPage({ thread, code, mistake, message, done, demo }: ReceiptProps) {
  return (
    <Page
      title={`${mistake || message ? 'Please look again' : 'Receipt'} – One Captcha`}
      description="Read what came of your feedback."
      path="/feedback/receipt"
      demo={demo}
    >
      <div class="text">
        <p class="eyebrow">
          <a href="/feedback">Feedback</a>
        </p>
        <h1>{thread ? 'What you have sent' : 'Read the answer'}</h1>
        {done && (
          <p class="done" role="status" tabIndex={-1} autofocus>
            <Icon path={TICK} />
            {done === 'added' ? 'Your message is kept.' : 'All of it is deleted.'}
          </p>
        )}
      </div>
      {thread ? (
        <Thread thread={thread} code={code} mistake={mistake} message={message} />
      ) : (
        <section class="card text" aria-label="Receipt">
          {mistake && <Alert title={mistake} />}
          <form method="post" action="/feedback/receipt" noValidate>
            <div class="field">
              <label for="code">Receipt code</label>
              <p class="hint" id="code-hint">
                It begins with ocr_ and was shown when you sent your feedback.
              </p>
              <input
                id="code"
                name="code"
                class="code"
                maxLength={100}
                spellcheck={false}
                autocomplete="off"
                autocapitalize="off"
                aria-invalid={mistake ? true : undefined}
                aria-describedby="code-hint"
              />
            </div>
            <button type="submit" name="do" value="show">
              Show
            </button>
          </form>
        </section>
      )}
    </Page>
  )
}

function Thread({
  thread,
  code,
  mistake,
  message,
}: Pick<ReceiptProps, 'code' | 'mistake' | 'message'> & { thread: FeedbackThread }) {
  const { kind, about, state, text, createdAt, entries, address } = thread
  return (
    <>
      {mistake && <Alert title={mistake} />}
      {message?.findings && (
        <Question text={message.text} findings={message.findings} form={FORM} />
      )}
      <dl class="facts">
        <div>
          <dt>About</dt>
          <dd>
            {KINDS[kind].words}
            {about && (
              <>
                ,{' '}
                <a href={`/terms/versions/${about.number}${about.clause && `#${about.clause}`}`}>
                  {about.clause ? `clause ${about.clause}` : 'all of it'}
                </a>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{STATES[state]}</dd>
        </div>
        <div>
          <dt>Answers by mail</dt>
          <dd>{address === null ? 'No' : 'Yes, to the address that you gave'}</dd>
        </div>
      </dl>
      <ol class="thread">
        <Said by="You wrote" at={createdAt} text={text} />
        {entries.map((entry) => (
          <Said
            by={entry.sort === 'reply' ? 'The answer' : 'You added'}
            at={entry.at}
            text={entry.text}
          />
        ))}
      </ol>
      {state === 'closed' ? (
        <p>
          This is closed. If there is more to say, please <a href="/feedback">write anew</a>.
        </p>
      ) : (
        <section class="card text" aria-labelledby="more">
          <h2 id="more">Add something</h2>
          <form method="post" action="/feedback/receipt" id={FORM} noValidate>
            <input type="hidden" name="code" value={code} />
            <input type="hidden" name="do" value="add" />
            <div class="field">
              <label for="text">Your message</label>
              <textarea
                id="text"
                name="text"
                rows={5}
                maxLength={TEXT_MAX}
                dir="auto"
                aria-invalid={message?.mistake ? true : undefined}
                aria-describedby={message?.mistake ? 'text-mistake' : undefined}
              >
                {message?.text}
              </textarea>
              <Mistake id="text">{message?.mistake}</Mistake>
            </div>
            <button type="submit">Send</button>
          </form>
        </section>
      )}
      <details class="card text">
        <summary>Delete all of it</summary>
        <form method="post" action="/feedback/receipt">
          <input type="hidden" name="code" value={code} />
          <p>
            What you wrote, the answers and what was noted about it are deleted at once, for
            everybody. The code leads nowhere then.
          </p>
          <button type="submit" name="do" value="delete" class="quiet">
            Delete it for good
          </button>
        </form>
      </details>
    </>
  )
}

function Said({ by, at, text }: { by: string; at: number; text: string }) {
  return (
    <li class="card text">
      <p class="hint">
        {by}, <When at={at} />
      </p>
      <Written text={text} />
    </li>
  )
}
