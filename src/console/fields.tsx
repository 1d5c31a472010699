import { type ComponentChildren, createContext, type InputHTMLAttributes } from 'preact'
import { useContext } from 'preact/hooks'
import { Draw } from './icons.tsx'
import { useVisit } from './visit.ts'

const FormName = createContext('')

interface FormProps {
  /** Which of the page's forms this is: what it does is in the page's `post` under this name. */
  name: string
  /** Where it is sent; by default to the page that it is on. */
  action?: string
  /** Only a button, in a row of others. */
  plain?: boolean
  class?: string
  children: ComponentChildren
}

/** A form that is sent to its own page. Its fields keep what was typed, and show what is wrong with it. */
export function Form({ name, action, plain, class: more, children }: FormProps) {
  const { url, csrf } = useVisit()
  const classes = [plain && 'plain', more].filter(Boolean).join(' ')
  return (
    <FormName.Provider value={name}>
      {/* Mistakes are told in our words and in one place, whether a script runs or not. */}
      <form method="post" action={action ?? url} class={classes || undefined} noValidate>
        <input type="hidden" name="form" value={name} />
        <input type="hidden" name="csrf" value={csrf} />
        {children}
      </form>
    </FormName.Provider>
  )
}

/** What a field is to show: what was typed if its form was sent, and what is wrong with that. */
function useField(name: string) {
  const { form } = useVisit()
  const formName = useContext(FormName)
  const sent = form.name === formName
  const mistake = sent ? form.mistakes.get(name) : undefined
  const id = `${formName}-${name}`
  return {
    id,
    typed: sent ? (form.list(name)[0] ?? '') : undefined,
    chosen: sent ? form.list(name) : undefined,
    mistake,
    about: (hint: unknown) => ({
      'aria-invalid': mistake ? true : undefined,
      'aria-describedby':
        [hint && `${id}-hint`, mistake && `${id}-mistake`].filter(Boolean).join(' ') || undefined,
    }),
  }
}

interface FieldProps {
  name: string
  label: ComponentChildren
  hint?: ComponentChildren
  type?: 'text' | 'email' | 'password' | 'number' | 'search' | 'date' | 'datetime-local'
  value?: string | number
  /** What the number is of; beside the field. */
  unit?: string
  required?: boolean
  max?: number
  min?: number
  maxLength?: number
  autocomplete?: InputHTMLAttributes['autocomplete']
  inputMode?: 'numeric' | 'email' | 'text'
  autofocus?: boolean
  /** A short field, for numbers and codes. */
  short?: boolean
  spellcheck?: boolean
}

/** A line to type into, with its label, its hint and its mistake. A password is never sent back. */
export function Field({
  name,
  label,
  hint,
  value,
  unit,
  short,
  type = 'text',
  ...rest
}: FieldProps) {
  const { id, typed, mistake, about } = useField(name)
  const shown = type === 'password' ? undefined : (typed ?? value)
  // One of the types, whichever: those of preact tell each from all others.
  const attributes = { id, name, type: type as 'password', value: shown, ...rest, ...about(hint) }
  const input = <input {...attributes} />
  return (
    <div class={short || unit ? 'field short' : 'field'}>
      <label for={id}>
        {label}
        {rest.required === false && <span class="hint"> (may stay empty)</span>}
      </label>
      <Hint id={id} hint={hint} />
      {unit ? (
        <div class="unit">
          {input}
          <span>{unit}</span>
        </div>
      ) : (
        input
      )}
      <Mistake id={id} mistake={mistake} />
    </div>
  )
}

interface AreaProps {
  name: string
  label: ComponentChildren
  hint?: ComponentChildren
  value?: string
  rows?: number
  spellcheck?: boolean
}

/** Several lines to type into. */
export function Area({ name, label, hint, value, rows = 3, spellcheck }: AreaProps) {
  const { id, typed, mistake, about } = useField(name)
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Hint id={id} hint={hint} />
      <textarea id={id} name={name} rows={rows} spellcheck={spellcheck} {...about(hint)}>
        {typed ?? value}
      </textarea>
      <Mistake id={id} mistake={mistake} />
    </div>
  )
}

export interface Choice {
  value: string
  label: ComponentChildren
  hint?: ComponentChildren
}

interface ChoiceProps {
  name: string
  label: ComponentChildren
  hint?: ComponentChildren
  choices: readonly Choice[]
  value?: string
}

/** One of several, in a list that opens. */
export function Select({ name, label, hint, choices, value }: ChoiceProps) {
  const { id, typed, mistake, about } = useField(name)
  return (
    <div class="field short">
      <label for={id}>{label}</label>
      <Hint id={id} hint={hint} />
      <select id={id} name={name} {...about(hint)}>
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === (typed ?? value)}>
            {choice.label}
          </option>
        ))}
      </select>
      <Mistake id={id} mistake={mistake} />
    </div>
  )
}

/** One of several, all in sight, each with what it means. */
export function Radios(props: ChoiceProps) {
  const { typed } = useField(props.name)
  const value = typed ?? props.value
  return <Group {...props} type="radio" isOn={(one) => one === value} />
}

/** Any of several. */
export function Checks({
  values = [],
  ...props
}: Omit<ChoiceProps, 'value'> & { values?: readonly string[] }) {
  const { chosen } = useField(props.name)
  const on = chosen ?? values
  return <Group {...props} type="checkbox" isOn={(one) => on.includes(one)} />
}

type GroupProps = Omit<ChoiceProps, 'value'> & {
  type: 'radio' | 'checkbox'
  isOn: (value: string) => boolean
}

function Group({ name, label, hint, choices, type, isOn }: GroupProps) {
  const { id, mistake, about } = useField(name)
  const { 'aria-describedby': describedBy } = about(hint)
  return (
    <fieldset
      class="field"
      id={id}
      aria-describedby={describedBy}
      tabIndex={mistake ? -1 : undefined}
    >
      <legend>{label}</legend>
      <Hint id={id} hint={hint} />
      <div class="choices">
        {choices.map((choice) => (
          <label class="choice">
            <input type={type} name={name} value={choice.value} checked={isOn(choice.value)} />
            <span>
              {choice.label}
              {choice.hint && <span class="hint">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      <Mistake id={id} mistake={mistake} />
    </fieldset>
  )
}

function Hint({ id, hint }: { id: string; hint: ComponentChildren }) {
  if (!hint) return null
  return (
    <p class="hint" id={`${id}-hint`}>
      {hint}
    </p>
  )
}

function Mistake({ id, mistake }: { id: string; mistake: string | undefined }) {
  if (!mistake) return null
  return (
    <p class="mistake" id={`${id}-mistake`}>
      <Draw what="bang" />
      {mistake}
    </p>
  )
}
