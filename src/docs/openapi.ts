/** What we read of an OpenAPI document (3.1): our own, so there is no more in it than this. */
export interface OpenApi {
  paths: Record<string, Record<string, Described>>
}

interface Described {
  summary?: string
  description?: string
  tags?: readonly string[]
  parameters?: readonly Parameter[]
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
  security?: readonly object[]
}

export interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema: Schema
}

export interface Schema {
  type?: string
  description?: string
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: readonly string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
}

/** One call that can be made. */
export interface Operation {
  /** Leads to it within its page. */
  id: string
  method: string
  path: string
  tag: string
  summary: string
  description: string
  /** Whether it takes a management key. */
  needsKey: boolean
  parameters: readonly Parameter[]
  body: { type: string; schema: Schema; example: unknown } | null
  answers: readonly { status: string; description: string; schema: Schema | null }[]
}

const FORM = 'application/x-www-form-urlencoded'

/** Every operation of a document, in its order. */
export function operationsIn({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method, path, described)),
  )
}

function operationOf(method: string, path: string, described: Described): Operation {
  const content = described.requestBody?.content
  // Most clients of siteverify send a form.
  const type = content && (FORM in content ? FORM : Object.keys(content)[0]!)
  return {
    id: `${method}-${path}`.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, ''),
    method: method.toUpperCase(),
    path,
    tag: described.tags?.[0] ?? '',
    summary: described.summary ?? '',
    description: described.description ?? '',
    // Where there is another way too, a key is one of several.
    needsKey: described.security?.every((one) => 'key' in one) ?? false,
    parameters: described.parameters ?? [],
    body: content && type ? bodyOf(type, content[type]!) : null,
    answers: Object.entries(described.responses).map(([status, { description, content }]) => ({
      status,
      description: description === 'Default Response' ? '' : description,
      schema: Object.values(content ?? {})[0]?.schema ?? null,
    })),
  }
}

function bodyOf(type: string, { schema, example }: { schema: Schema; example?: unknown }) {
  return { type, schema, example: example ?? sampleOf(schema) }
}

/** Something that fits a schema, to begin with. */
function sampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return sampleOf(schema.anyOf[0]!)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, sampleOf(schema.properties![name]!)]),
      )
    case 'array':
      return schema.items?.type ? [sampleOf(schema.items)] : []
    case 'integer':
    case 'number':
      return schema.minimum ?? 0
    case 'boolean':
      return true
    default:
      return '…'
  }
}

/** A call on the command line. Where the service is and what is secret come from the environment. */
export function curlOf({ method, path, needsKey, parameters, body }: Operation): string {
  const query = parameters
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, schema }) => `${name}=${schema.enum?.[0] ?? variable(name)}`)
    .join('&')
  const address = path.replace(/\{(\w+)\}/g, (_, name) => variable(name))
  const lines = [
    `curl ${method === 'GET' || (method === 'POST' && body) ? '' : `-X ${method} `}"$ONE_CAPTCHA${address}${query && `?${query}`}"`,
    ...(needsKey ? ['-H "Authorization: Bearer $KEY"'] : []),
    ...(body ? bodyInShell(body) : []),
  ]
  return lines.join(' \\\n  ')
}

function bodyInShell({ type, example }: NonNullable<Operation['body']>): string[] {
  if (type === FORM)
    return Object.keys(example as object).map((name) => `-d ${name}="${variable(name)}"`)
  const json = JSON.stringify(example).replaceAll("'", "'\\''")
  return ["-H 'Content-Type: application/json'", `-d '${json}'`]
}

function variable(name: string): string {
  return `$${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`
}

/** What a value is, in a few words: `string, at most 80 characters`. */
export function kindOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' or ')
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ')
  const { items } = schema
  const words = [
    schema.type ?? 'anything',
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' of them'),
    items && (items.type || items.enum || items.anyOf) && `each: ${kindOf(items)}`,
  ]
  return words.filter(Boolean).join(', ')
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  const [low, high] = [from, to].map((one) => one?.toLocaleString('en'))
  if (low === undefined) return high === undefined ? '' : `at most ${high}${unit}`
  if (high === undefined) return from === 0 && unit ? '' : `at least ${low}${unit}`
  return from === 0 && unit ? `at most ${high}${unit}` : `${low} to ${high}${unit}`
}

/** The parts of a value that has some: of an object, or of each thing in a list. */
export function partsOf(schema: Schema): Schema | null {
  const whole = schema.items ?? schema.anyOf?.find(({ properties }) => properties) ?? schema
  return whole.properties && Object.keys(whole.properties).length > 0 ? whole : null
}
