import type { Heard } from './demo-backend.ts'
import { EMAIL_MAX, type Field, type Form, hasMistakes, NAME_MAX } from './demo-form.ts'
import { BANG, Icon, TICK } from './mark.tsx'
import { Page } from './page.tsx'
import { Widget } from './widget.tsx'

/** How much of a token is shown: enough to tell two apart. */
const SHOWN_CHARACTERS = 16

interface DemoProps {
  sitekey: string
  form: Form
  /** What the backend heard; null if there was no answer, undefined if it did not ask. */
  heard: Heard | null | undefined
  /** The widget's language, where it is not to choose itself. */
  lang?: string | undefined
}

/** The pretend site beside what its backend sees. */
export function DemoPage({ sitekey, form, heard, lang }: DemoProps) {
  const passed = heard?.finding.success === true
  const title = passed ? 'Welcome' : hasMistakes(form) ? 'Please look again' : 'Demo'
  return (
    <Page
      title={`${title} – One Captcha`}
      description="A sign-up form with One Captcha in it, and what its backend sees."
      path="/demo"
      demo
      widget={!passed}
    >
      <h1>A form, from both sides</h1>
      <p class="lead">
        What a visitor of a site meets, and what the site’s backend does about it. The site is made
        up; the rest is real.
      </p>
      <div class="sides">
        <section aria-labelledby="site">
          <p class="eyebrow">The visitor’s side</p>
          <div class="card site">
            {passed ? (
              <Welcome form={form} />
            ) : (
              <SignUp sitekey={sitekey} form={form} lang={lang} />
            )}
          </div>
        </section>
        <section aria-labelledby="backend">
          <p class="eyebrow">The backend’s side</p>
          <Backend token={form.values['one-captcha-response']} heard={heard} />
        </section>
      </div>
    </Page>
  )
}

function SignUp({ sitekey, form, lang }: Omit<DemoProps, 'heard'>) {
  return (
    <>
      <h2 id="site">Join the Harbour Library</h2>
      <p class="hint">A library that does not exist. Nothing you type is kept or sent anywhere.</p>
      {hasMistakes(form) && <Summary form={form} />}
      <form method="post" action="/demo">
        <Input form={form} field="name" label="Name" max={NAME_MAX} autocomplete="name" />
        <Input form={form} field="email" label="E-mail" max={EMAIL_MAX} autocomplete="email" />
        <div class="field">
          <Widget sitekey={sitekey} lang={lang} />
          <Mistake form={form} field="one-captcha-response" />
        </div>
        <button type="submit">Sign up</button>
      </form>
    </>
  )
}

/** Says at the top what is to be done below: a page that came back looks much like the one that was sent. */
function Summary({ form }: { form: Form }) {
  const fields = Object.keys(form.mistakes) as Field[]
  return (
    <div class="summary" role="alert" tabIndex={-1} autofocus>
      <Icon path={BANG} />
      <div>
        <p>
          <strong>Almost there.</strong> What you typed is still here.
        </p>
        <ul>
          {fields.map(
            (field) =>
              form.mistakes[field] && (
                <li>
                  <a href={`#${field}`}>{form.mistakes[field]}</a>
                </li>
              ),
          )}
        </ul>
      </div>
    </div>
  )
}

interface InputProps {
  form: Form
  field: 'name' | 'email'
  label: string
  max: number
  autocomplete: 'name' | 'email'
}

function Input({ form, field, label, max, autocomplete }: InputProps) {
  const wrong = form.mistakes[field] !== undefined
  return (
    <div class="field">
      <label for={field}>{label}</label>
      <input
        id={field}
        name={field}
        type={field === 'email' ? 'email' : 'text'}
        // Preact's types know `list` only where they know which of the types it is.
        list={undefined}
        value={form.values[field]}
        maxLength={max}
        autocomplete={autocomplete}
        required
        aria-invalid={wrong || undefined}
        aria-describedby={wrong ? `${field}-mistake` : undefined}
      />
      <Mistake form={form} field={field} />
    </div>
  )
}

function Mistake({ form, field }: { form: Form; field: Field }) {
  const mistake = form.mistakes[field]
  if (!mistake) return null
  return (
    <p class="mistake" id={`${field}-mistake`}>
      <Icon path={BANG} />
      {mistake}
    </p>
  )
}

function Welcome({ form }: { form: Form }) {
  return (
    <>
      <h2 id="site" class="done" tabIndex={-1} autofocus>
        <Icon path={TICK} />
        Welcome, {form.values.name}
      </h2>
      <p>
        A letter to {form.values.email} would now be on its way. As the library is made up, it is
        not, and what you typed is forgotten.
      </p>
      <form method="post" action="/demo" class="again">
        {(['name', 'email', 'one-captcha-response'] as const).map((field) => (
          <input type="hidden" name={field} value={form.values[field]} />
        ))}
        <a class="button" href="/demo">
          Start again
        </a>
        <button type="submit" class="quiet">
          Send the same token again
        </button>
      </form>
      <p class="hint">A robot would try just that. See what the backend hears.</p>
    </>
  )
}

function Backend({ token, heard }: { token: string; heard: DemoProps['heard'] }) {
  if (heard === undefined) return <Steps />
  const shown = token.length > SHOWN_CHARACTERS ? `${token.slice(0, SHOWN_CHARACTERS)}…` : token
  return (
    <>
      <h2 id="backend">It asked, and heard</h2>
      <pre>
        <code>{`POST /v1/siteverify

secret=…
&response=${shown}
&action=signup`}</code>
      </pre>
      {heard ? (
        <pre>
          <code>{`${heard.status}

${JSON.stringify(heard.finding, null, 2)}`}</code>
        </pre>
      ) : (
        <p>There was no answer. That is never taken for a yes.</p>
      )}
    </>
  )
}

function Steps() {
  return (
    <>
      <h2 id="backend">What will happen</h2>
      <ol class="steps">
        <li>
          You tick the box. Your browser works for a moment, and you fit a piece into a picture, or
          choose to wait instead.
        </li>
        <li>
          The widget puts a token into the form, as <code>one-captcha-response</code>.
        </li>
        <li>
          You sign up. The backend asks One Captcha whether the token is good, with a secret that no
          browser ever sees.
        </li>
        <li>You see its question and the answer, here.</li>
      </ol>
    </>
  )
}
