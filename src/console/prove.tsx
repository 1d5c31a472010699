import { passkeyScript } from './assets.ts'
import { Field, Form } from './fields.tsx'
import { Threshold } from './frame.tsx'
import { Callout } from './parts.tsx'
import { useVisit } from './visit.ts'

/**
 * Asks who it is once more, before something dangerous. It stands in the place of the page or the form that needs it, and
 * carries along what was typed there: once proved, that goes on as if nothing had been asked.
 */
export function Prove({ wrong }: { wrong?: boolean }) {
  const { form, who, url } = useVisit()
  const { hasPassword, hasTotp } = who!.account
  const carried = form.name === '' || form.name === 'proof' ? [] : form.rest()
  return (
    <Threshold
      title="Is it you?"
      scripts={[passkeyScript]}
      lead="What comes next is dangerous in the wrong hands. Please show once more who you are; it counts for ten minutes."
    >
      {wrong && (
        <Callout kind="danger">
          <span role="alert">That is not right. Please try again.</span>
        </Callout>
      )}
      <div class="card">
        <Form name={carried.length > 0 ? form.name : 'proof'} action={url}>
          {carried
            .filter(([field]) => field !== 'form')
            .map(([field, value]) => (
              <input type="hidden" name={field} value={value} />
            ))}
          <div class="passkey" data-passkey="prove" hidden />
          {/* For what keeps passwords, so that it knows whose this one is. */}
          <input type="text" autocomplete="username" value={who!.account.login} readOnly hidden />
          {hasPassword && (
            <Field
              name="proof-password"
              type="password"
              label="Password"
              autocomplete="current-password"
              autofocus
            />
          )}
          {hasTotp && (
            <Field
              name="proof-code"
              label="Code from your app"
              autocomplete="one-time-code"
              inputMode="numeric"
              short
            />
          )}
          <div class="row">
            <button type="submit">Go on</button>
            <a class="button quiet" href="/console">
              Rather not
            </a>
          </div>
        </Form>
      </div>
    </Threshold>
  )
}
