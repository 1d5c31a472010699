import type { ComponentChildren } from 'preact'
import { statusOf } from '../../core/bad-request.ts'
import { highlight } from '../../docs/highlight.ts'
import {
  curlOf,
  kindOf,
  type Operation,
  type Parameter,
  partsOf,
  type Schema,
} from '../../docs/openapi.ts'
import { API } from '../../docs/shelf.ts'
import { TOPICS, type Topic } from '../../docs/topics.ts'
import { Words } from '../parts.tsx'
import { DocsPage, TRY } from './frame.tsx'
import { Try, YourKey } from './try.tsx'

interface ApiProps {
  operations: readonly Operation[]
  /** Where the service is, for the examples. */
  origin: string
  demo: boolean
}

/** All calls that can be made, by topic. */
export function Api({ operations, origin, demo }: ApiProps) {
  return (
    <DocsPage
      title="The API"
      description="Every call that can be made, with what it takes, what it answers, and a way to try it."
      name={API}
      demo={demo}
      contents={TOPICS.map(({ tag, title }) => ({ id: tag, title, rank: 2 }))}
    >
      <h1>The API</h1>
      <p class="lead">
        Every call that this service answers, made from its own{' '}
        <a href="/openapi.json">OpenAPI document</a>: what it takes, what it answers, how to make it
        on the command line; and, where your browser runs scripts, a way to try it.
      </p>
      <p>The examples take where the service is, and what is secret, from the environment:</p>
      <Code
        text={`export ONE_CAPTCHA=${origin}\nexport KEY=oca_…   # for /v1/manage/, made in the console`}
      />
      {TOPICS.map(({ tag, title, lead }) => (
        <section class="topic">
          <h2 id={tag}>
            <a href={pathOfTopic(tag)}>{title}</a>
          </h2>
          <p>
            <Words text={lead} />
          </p>
          <ul class="calls">
            {operations
              .filter((one) => one.tag === tag)
              .map((one) => (
                <li>
                  <a href={`${pathOfTopic(tag)}#${one.id}`}>
                    <Call {...one} />
                  </a>{' '}
                  <span class="hint">{one.summary}</span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </DocsPage>
  )
}

/** The calls of one topic. */
export function TopicPage({
  topic,
  operations,
  demo,
}: { topic: Topic } & Omit<ApiProps, 'origin'>) {
  const { tag, title, lead, codes } = topic
  const contents = operations.map(({ id, summary }) => ({ id, title: summary, rank: 2 }))
  return (
    <DocsPage
      {...{ title, demo, contents }}
      description={lead}
      name={API}
      path={pathOfTopic(tag)}
      scripts={[TRY]}
    >
      <p class="eyebrow">
        <a href="/docs/api">The API</a>
      </p>
      <h1>{title}</h1>
      <p class="lead">
        <Words text={lead} />
      </p>
      {operations.some(({ needsKey }) => needsKey) && <YourKey />}
      {operations.map((operation) => (
        <section class="operation">
          <h2 id={operation.id}>{operation.summary}</h2>
          <p>
            <Call {...operation} />
          </p>
          {operation.description && (
            <p>
              <Words text={operation.description} />
            </p>
          )}
          <Takes {...operation} />
          <Code text={curlOf(operation)} />
          <Answers {...operation} />
          <Try operation={operation} />
        </section>
      ))}
      {codes.length > 0 && <Errors codes={codes} />}
    </DocsPage>
  )
}

export function pathOfTopic(tag: string): string {
  return `/docs/${API}/${tag}`
}

function Call({ method, path }: Pick<Operation, 'method' | 'path'>) {
  return (
    <code class="call">
      <strong>{method}</strong> {path}
    </code>
  )
}

function Code({ text }: { text: string }) {
  return (
    <div class="example">
      <pre>
        <code
          // Escaped by the highlighter.
          dangerouslySetInnerHTML={{ __html: highlight(text, 'sh')! }}
        />
      </pre>
    </div>
  )
}

/** What a call takes: in its address, its headers, its body. */
function Takes({ parameters, body, needsKey }: Operation) {
  if (parameters.length === 0 && !body && !needsKey) return null
  return (
    <div class="takes">
      <h3>It takes</h3>
      <dl class="fields">
        {needsKey && (
          <Field name="authorization" where="header" required kind="Bearer, and a key" />
        )}
        {parameters.map((one) => (
          <Given {...one} />
        ))}
        {body && <Parts schema={body.schema} />}
      </dl>
    </div>
  )
}

function Given({ in: where, name, required, description, schema }: Parameter) {
  return (
    <Field
      name={name}
      where={where === 'path' ? 'in the address' : where}
      required={required}
      kind={kindOf(schema)}
      description={description ?? schema.description}
    />
  )
}

/** What a call answers, and in which case. */
function Answers({ answers }: Operation) {
  return (
    <details class="answers">
      <summary>What it answers</summary>
      {answers.map(({ status, description, schema }) => (
        <div class="answer-of">
          <p>
            <strong>{status}</strong> {description || WHEN[status[0]!]}
          </p>
          {schema && partsOf(schema) && (
            <dl class="fields">
              <Parts schema={partsOf(schema)!} answer />
            </dl>
          )}
        </div>
      ))}
    </details>
  )
}

const WHEN: Readonly<Record<string, string>> = {
  2: 'It was done.',
  4: 'Something is wrong with the call.',
  5: 'The service cannot answer just now; nothing was changed.',
}

/** The parts of a value, each with its own. What an answer has is there, if it does not say otherwise. */
function Parts({ schema, answer = false }: { schema: Schema; answer?: boolean }) {
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, part]) => {
        const required = schema.required?.includes(name) ?? false
        const parts = partsOf(part)
        return (
          <Field
            name={name}
            required={!answer && required}
            optional={answer && !required}
            kind={kindOf(part)}
            description={part.description}
          >
            {parts && (
              <dl class="fields">
                <Parts schema={parts} answer={answer} />
              </dl>
            )}
          </Field>
        )
      })}
    </>
  )
}

interface FieldProps {
  name: string
  kind: string
  where?: string
  required?: boolean
  optional?: boolean
  description?: string
  children?: ComponentChildren
}

function Field({ name, kind, where, required, optional, description, children }: FieldProps) {
  const about = [where, kind, required && 'required', optional && 'may be absent'].filter(Boolean)
  return (
    <div>
      <dt>
        <code>{name}</code> <span class="hint">{about.join(', ')}</span>
      </dt>
      {(description || children) && (
        <dd>
          {description && (
            <p>
              <Words text={description} />
            </p>
          )}
          {children}
        </dd>
      )}
    </div>
  )
}

/** What can be wrong with these calls, by the status that says so. */
function Errors({ codes }: Pick<Topic, 'codes'>) {
  const byStatus = Map.groupBy(
    codes.toSorted((a, b) => statusOf(a) - statusOf(b)),
    statusOf,
  )
  return (
    <section class="operation">
      <h2 id="errors">Errors</h2>
      <p>
        <Words
          text={
            'What is wrong is said as `{"error": {"code", "message", "field"}}`. The code is a promise; the message may improve.'
          }
        />
      </p>
      <dl class="fields">
        {[...byStatus].map(([status, all]) => (
          <div>
            <dt>{status}</dt>
            <dd>
              {all.map((code, at) => (
                <>
                  {at > 0 && ', '}
                  <code>{code}</code>
                </>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
