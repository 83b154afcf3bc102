import AjvCompiler from '@fastify/ajv-compiler'

/** A JSON schema, as far as our own document uses one. */
export type Schema = {
  type?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minimum?: number
  maximum?: number
}
type Content = Record<string, { schema?: Schema }>
type Parameter = { in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema: Schema }
type Document = { paths: Record<string, Record<string, Described>> }
type Described = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

/** An operation as the document describes it to a stranger. */
export type Operation = {
  id: string
  method: string
  path: string
  parameters: readonly Parameter[]
  body: Schema | null
  responses: Described['responses']
  is_stream: boolean
}

export function operationsOf(document: unknown): Operation[] {
  return Object.entries((document as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      id: described.operationId,
      method: method.toUpperCase(),
      path,
      parameters: described.parameters ?? [],
      body: described.requestBody?.content['application/json']?.schema ?? null,
      responses: described.responses,
      is_stream: described.responses['200']?.content?.['text/event-stream'] !== undefined,
    })),
  )
}

export type Seen = { status: number; headers: Headers; text: string; ms: number }

const ANSWER_MS_MAX = 2_000

type Validate = ((value: unknown) => boolean) & { errors?: unknown }
const compile = AjvCompiler()(
  {},
  {
    customOptions: { strict: false, allErrors: true, coerceTypes: false, removeAdditional: false, useDefaults: false },
  },
)
const validators = new Map<Schema, Validate>()

/** What is wrong with an answer, by the document it was promised in; null when nothing is. */
export function complaintOf(operation: Operation, seen: Seen, within_ms = ANSWER_MS_MAX): string | null {
  const { status, headers, text, ms } = seen
  if (ms > within_ms) return `took ${Math.round(ms)} ms`
  if (status === 0) return text
  if (status === 304) return null
  const type = (headers.get('content-type') ?? '').split(';', 1)[0] ?? ''
  if (status >= 500 && !(status === 503 && text.includes('/problems/unavailable') && headers.has('retry-after')))
    return `answered ${status}: ${text.slice(0, 500)}`
  const promised = operation.responses[String(status)] ?? operation.responses[`${String(status)[0]}XX`]
  if (promised === undefined) return `answered ${status}, of which the document says nothing`
  if (status === 204) return text === '' ? null : 'has a body though it said 204'
  // Our own map asks for it by Accept; the contract describes it in words.
  if (type === 'application/vnd.tessera.seats' && operation.id === 'getSeats') return null
  const schema = promised.content?.[type]?.schema
  if (schema === undefined) return `answered ${status} as ${type || 'nothing'}, which the document does not promise`
  if (!type.includes('json')) return null
  const body: unknown = JSON.parse(text)
  const validate = validatorOf(schema)
  if (!validate(body)) return `is not what the document promises: ${JSON.stringify(validate.errors).slice(0, 800)}`
  if (status >= 400 && (body as { status?: unknown }).status !== status) return 'names another status than it has'
  return null
}

function validatorOf(schema: Schema): Validate {
  const known = validators.get(schema)
  if (known !== undefined) return known
  const made = compile({ schema, method: 'GET', url: '/', httpPart: 'response' } as never) as unknown as Validate
  validators.set(schema, made)
  return made
}
