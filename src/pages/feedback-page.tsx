import type { TermsChoice } from '../feedback/feedback.ts'
import { TEXT_MAX } from '../feedback/read.ts'
import { FEEDBACK_KINDS, type FeedbackNumbers } from '../store/store.ts'
import type { FeedbackForm, Field } from './feedback-form.ts'
import { Numbers } from './feedback-numbers.tsx'
import { Alert, KINDS, Mistake, Question } from './feedback-parts.tsx'
import { Page } from './page.tsx'
import { Widget } from './widget.tsx'

const FORM = 'feedback'

interface FeedbackProps {
  form: FeedbackForm
  guard: { sitekey: string; action: string }
  choices: readonly TermsChoice[]
  numbers: FeedbackNumbers
  contact: string
  securityContact: string
  demo: boolean
}

/** The form, and how much there was. */
export function FeedbackPage(props: FeedbackProps) {
  const { form, demo, contact, securityContact, numbers } = props
  const came = form.findings ?? form.seconds ?? Object.keys(form.mistakes)[0]
  return (
    <Page
      title={`${came === undefined ? 'Feedback' : 'Please look again'} – One Captcha`}
      description="Tell whoever runs this service what you think of it, or of its Terms."
      path="/feedback"
      demo={demo}
      widget
    >
      <div class="text">
        <h1>Feedback</h1>
        <p class="lead">
          What you think of the service, or of its Terms, is welcome. You need no account, and no
          name. You get a code with which you read the answer.
        </p>
      </div>
      <div class="sides feedback">
        <section aria-labelledby="write">
          <div class="card site">
            <h2 id="write">Write to whoever runs this service</h2>
            <Said form={form} />
            <Fields {...props} />
          </div>
        </section>
        <div class="beside">
          <section class="text" aria-labelledby="numbers">
            <h2 id="numbers">The last 90 days</h2>
            <Numbers {...numbers} />
          </section>
          <section class="text" aria-labelledby="read">
            <h2 id="read">You have a receipt?</h2>
            <p>
              <a href="/feedback/receipt">Read the answer with your code</a>, add something, or
              delete it all.
            </p>
          </section>
          <section class="text" aria-labelledby="weakness">
            <h2 id="weakness">You have found a weakness?</h2>
            <p>
              Please choose “A weakness”, say how it can be seen again, and leave time to close it
              before you tell others.
            </p>
            <Contact words="Or write to" contact={securityContact} />
          </section>
          {contact !== securityContact && (
            <section class="text" aria-labelledby="contact">
              <h2 id="contact">You would rather write a letter?</h2>
              <Contact words="Write to" contact={contact} />
            </section>
          )}
        </div>
      </div>
    </Page>
  )
}

function Contact({ words, contact }: { words: string; contact: string }) {
  if (!contact) return null
  return (
    <p>
      {words}{' '}
      {contact.includes('://') ? (
        <a href={contact} rel="noopener noreferrer external">
          {contact}
        </a>
      ) : (
        <a href={`mailto:${contact}`}>{contact}</a>
      )}
      .
    </p>
  )
}

/** What is to be done before it is kept. */
function Said({ form }: { form: FeedbackForm }) {
  const { mistakes, findings, seconds, text } = form
  if (findings) return <Question text={text} findings={findings} form={FORM} />
  if (seconds !== undefined) return <Wait seconds={seconds} />
  const fields = (Object.keys(mistakes) as (Field | '')[]).filter((field) => field !== '')
  if (mistakes[''] === undefined && fields.length === 0) return null
  return (
    <Alert title={mistakes[''] ?? 'Almost there. What you typed is still here.'}>
      {fields.length > 0 && (
        <ul>
          {fields.map((field) => (
            <li>
              <a href={`#${field}`}>{mistakes[field]}</a>
            </li>
          ))}
        </ul>
      )}
    </Alert>
  )
}

/** The way of patience, without a script. */
function Wait({ seconds }: { seconds: number }) {
  return (
    <Alert
      calm
      title={`Please wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, and send it then.`}
    >
      <p>
        The box “I am human” was not ticked. You can tick it below, or wait: that does as well,
        because robots that wait are of little use to anybody. What you typed is still here, and you
        may send it within two hours.
      </p>
      <div class="again">
        <button type="submit" form={FORM}>
          I have waited: send it
        </button>
      </div>
    </Alert>
  )
}

function Fields({ form, guard, choices }: FeedbackProps) {
  const { mistakes } = form
  const about = (field: Field, hint?: boolean) => ({
    'aria-invalid': mistakes[field] ? true : undefined,
    'aria-describedby':
      [hint && `${field}-hint`, mistakes[field] && `${field}-mistake`].filter(Boolean).join(' ') ||
      undefined,
  })
  return (
    <form method="post" action="/feedback" id={FORM} noValidate>
      <input type="hidden" name="ticket" value={form.ticket} />
      {/* Who has waited is not asked again what they have decided already. */}
      {form.seconds !== undefined && form.personal === 'keep' && (
        <input type="hidden" name="personal" value="keep" />
      )}
      <fieldset class="field" id="kind">
        <legend>What is it about?</legend>
        <div class="choices">
          {FEEDBACK_KINDS.map((kind) => (
            <label class="choice">
              <input
                type="radio"
                name="kind"
                value={kind}
                id={`kind-${kind}`}
                checked={kind === form.kind}
              />
              <span>
                {KINDS[kind].words}
                <span class="hint">{KINDS[kind].hint}</span>
              </span>
            </label>
          ))}
        </div>
        <Mistake id="kind">{mistakes.kind}</Mistake>
      </fieldset>
      <div class="field clause">
        <label for="about">Which clause of the Terms?</label>
        <select id="about" name="about" {...about('about')}>
          <Clauses choices={choices} about={form.about} />
        </select>
        <Mistake id="about">{mistakes.about}</Mistake>
      </div>
      <div class="field">
        <label for="text">What would you like to tell?</label>
        <p class="hint" id="text-hint">
          At most {TEXT_MAX.toLocaleString('en')} characters. Please leave out what is personal,
          your own and others’.
        </p>
        <textarea
          id="text"
          name="text"
          rows={8}
          maxLength={TEXT_MAX}
          dir="auto"
          {...about('text', true)}
        >
          {form.text}
        </textarea>
        <Mistake id="text">{mistakes.text}</Mistake>
      </div>
      <div class="field">
        <label for="address">
          E-mail address for the answer <span class="hint">(may stay empty)</span>
        </label>
        <p class="hint" id="address-hint">
          It is kept encrypted, used for answers alone, and deleted when this is closed.
        </p>
        <input
          id="address"
          name="address"
          type="email"
          value={form.address}
          maxLength={254}
          autocomplete="email"
          {...about('address', true)}
        />
        <Mistake id="address">{mistakes.address}</Mistake>
      </div>
      {form.findings === undefined && (
        <div class="field">
          <Widget sitekey={guard.sitekey} action={guard.action} guard="open">
            <p class="hint">
              The box “I am human” needs JavaScript, which is off here. Please send the form anyway:
              you are then asked to wait for half a minute in its place.
            </p>
          </Widget>
          <Mistake id="one-captcha-response">{mistakes['one-captcha-response']}</Mistake>
        </div>
      )}
      <button type="submit" class={form.findings ? 'quiet' : undefined}>
        {form.findings ? 'I have changed it: send' : 'Send'}
      </button>
    </form>
  )
}

function Clauses({ choices, about }: { choices: readonly TermsChoice[]; about: string }) {
  const [version, clause] = about.split('#')
  const known = choices.some(
    ({ number, clauses }) =>
      String(number) === version && (!clause || clauses.some(({ id }) => id === clause)),
  )
  return (
    <>
      <option value="">None in particular</option>
      {/* A link may lead here from a version that is over. */}
      {about && !known && /^\d{1,9}$/.test(version!) && (
        <option value={about} selected>
          Version {version}
          {clause && `, clause ${clause}`}
        </option>
      )}
      {choices.map(({ number, clauses }) => (
        <optgroup label={number === 0 ? 'The Terms' : `Version ${number}`}>
          <option value={`${number}#`} selected={about === `${number}#`}>
            All of it
          </option>
          {clauses.map(({ id, words }) => (
            <option value={`${number}#${id}`} selected={about === `${number}#${id}`}>
              {words}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  )
}
