import type { Operation } from '../../docs/openapi.ts'

/** The key that calls are tried with. Without a script there is nothing to try, and no field. */
export function YourKey() {
  return (
    <div class="field card" data-try hidden>
      <label for="key">
        Your key, to try these calls with{' '}
        <span class="hint">
          It stays on this page until you leave it, and is sent to this service alone.
        </span>
      </label>
      <input id="key" class="secret" autocomplete="off" spellcheck={false} />
    </div>
  )
}

/** A form that makes a call for real. What is secret never goes into an address: such calls are not offered. */
export function Try({ operation }: { operation: Operation }) {
  const { id, method, path, parameters, body, needsKey } = operation
  if (parameters.some(({ in: where, name }) => where === 'query' && name === 'secret')) return null
  const isForm = body !== null && !body.type.includes('json')
  return (
    <details class="answers" data-try hidden>
      <summary>Try it</summary>
      <form class="try-call" data-method={method} data-path={path} data-key={needsKey || undefined}>
        {method !== 'GET' && <p class="hint">This is done for real, at this very service.</p>}
        {parameters.map(({ in: where, name, required }) => (
          <Input id={`${id}-${name}`} name={`${where}:${name}`} label={name} required={required} />
        ))}
        {isForm &&
          Object.keys(body.schema.properties ?? {}).map((name) => (
            <Input
              id={`${id}-${name}`}
              name={`form:${name}`}
              label={name}
              secret={name === 'secret'}
            />
          ))}
        {body && !isForm && (
          <div class="field">
            <label for={`${id}-body`}>Body, as JSON</label>
            <textarea id={`${id}-body`} name="json" rows={6} class="code" spellcheck={false}>
              {JSON.stringify(body.example, null, 2)}
            </textarea>
          </div>
        )}
        <button type="submit">Send</button>
        <div class="answer" hidden>
          <p role="status" />
          <dl class="facts-line" />
          <pre>
            <code />
          </pre>
        </div>
      </form>
    </details>
  )
}

interface InputProps {
  id: string
  name: string
  label: string
  required?: boolean | undefined
  secret?: boolean
}

function Input({ id, name, label, required, secret }: InputProps) {
  return (
    <div class="field">
      <label for={id}>
        <code>{label}</code>
      </label>
      <input
        id={id}
        name={name}
        required={required}
        class={secret ? 'secret' : undefined}
        autocomplete="off"
        spellcheck={false}
      />
    </div>
  )
}
