import { createHash, hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { TSchema } from 'typebox'
import type { Answer, Call, Idempotency, Outcome } from './answer.ts'
import { beforeBody } from './before-body.ts'
import { rateLimitSourcesOf } from './client-address.ts'
import type { AnyRoute } from './definition.ts'
import { atEndOfTurn } from './end-of-turn.ts'
import { addressOf, idempotencyKey, type Pipeline, sendRefusal } from './pipeline.ts'
import { type Refusal, refusalFrom } from './refusal.ts'

const STREAM_RETRY_S = 10

type Handler = (call: Call) => Promise<Outcome> | Outcome

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', description: 'A stable path on this origin that explains the problem' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
  additionalProperties: true,
}

/**
 * Turns a definition into a Fastify route: schema for validation, serialisation and OpenAPI; builds the call; sends the
 * outcome.
 */
export function routeHandler<Permission extends string>(
  pipeline: Pipeline<Permission>,
  definition: AnyRoute,
  handler: Handler,
): RouteOptions {
  const isRead = definition.method === 'GET'
  const idempotency = definition.idempotency ?? (isRead || definition.access === 'public' ? 'none' : 'optional')
  const timer = pipeline.telemetry.route(definition.id)
  const preParsing = beforeBody(pipeline, definition)
  return {
    method: definition.method,
    url: definition.url,
    config: {
      access: definition.access,
      idempotency,
      operation: definition.id,
      ...(definition.raw_body === undefined ? {} : { raw_body: definition.raw_body }),
      ...(definition.unmetered === undefined ? {} : { unmetered: definition.unmetered }),
    },
    ...(definition.body_bytes_max === undefined ? {} : { bodyLimit: definition.body_bytes_max }),
    ...(preParsing === undefined ? {} : { preParsing }),
    schema: schemaOf(definition, idempotency),
    attachValidation: false,
    handler: (request, reply) => {
      if (definition.stream === true) {
        const refused = openStream(pipeline, request, reply)
        if (refused !== null) return sendRefusal(request, reply, refused)
      }
      pipeline.in_flight++
      const finish = (respond: () => void): void =>
        atEndOfTurn(() => {
          pipeline.in_flight--
          try {
            respond()
          } catch (error) {
            // A response that does not match its own schema is an error of ours, reported like any other.
            reply.send(error)
          }
          timer.observe(reply.statusCode, (performance.now() - request.tessera.started_at_ms) / 1_000)
        })
      const fail = (error: unknown): void => finish(() => void reply.send(error))
      const answerWith = (outcome: Outcome): void => finish(() => void send(pipeline, request, reply, outcome))
      try {
        const key = idempotency === 'none' ? null : idempotencyOf(request, definition.id)
        const outcome = handler(new RequestCall(request, reply, key))
        if (outcome instanceof Promise) outcome.then(answerWith, fail)
        else answerWith(outcome)
      } catch (error) {
        fail(error)
      }
    },
  }
}

/** Counts a stream until its connection closes; a refusal when its source or the process has too many. */
function openStream<Permission extends string>(
  { stream_limits, problems }: Pipeline<Permission>,
  request: FastifyRequest,
  reply: FastifyReply,
): Refusal | null {
  const stream = stream_limits?.open(rateLimitSourcesOf(addressOf(request)))
  switch (stream?.kind) {
    case undefined:
      return null
    case 'source-full':
      return refusalFrom(problems, 'too-many-requests', 'Too many streams are open from this address.', STREAM_RETRY_S)
    case 'full':
      return refusalFrom(problems, 'unavailable', 'Too many streams are open.', STREAM_RETRY_S)
    case 'open':
      // The end of a connection that closed before, while its token was verified, is not reported again.
      if (reply.raw.destroyed) stream.close()
      else reply.raw.once('close', stream.close)
      return null
  }
}

/** Classes, here and below: an object literal with a getter takes half a microsecond to make, a class a twelfth of that. */
class RequestCall implements Call {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly principal: Call['principal']
  readonly idempotency: Idempotency | null
  readonly request_id: string
  readonly headers: Call['headers']
  readonly raw: Call['raw']
  readonly #request: FastifyRequest

  constructor(request: FastifyRequest, reply: FastifyReply, idempotency: Idempotency | null) {
    this.params = request.params
    this.query = request.query
    this.body = request.body
    this.principal = request.tessera.principal
    this.idempotency = idempotency
    this.request_id = request.tessera.request_id
    this.headers = request.headers
    this.raw = { request: request.raw, response: reply.raw }
    this.#request = request
  }

  /** Asking the socket costs a system call, and few handlers need it. */
  get ip(): string {
    return addressOf(this.#request)
  }
}

function idempotencyOf(request: FastifyRequest, operation: string): Idempotency | null {
  const key = idempotencyKey(request)
  const { principal } = request.tessera
  if (key === null || principal === null) return null
  return new RequestKey(request, principal.user_id, operation, key)
}

class RequestKey implements Idempotency {
  readonly owner: string
  readonly operation: string
  readonly key: string
  readonly #request: FastifyRequest

  constructor(request: FastifyRequest, owner: string, operation: string, key: string) {
    this.#request = request
    this.owner = owner
    this.operation = operation
    this.key = key
  }

  /** Computed on demand: refusals, most of a burst, do not need the hash. */
  get body_hash(): string {
    const { url, body } = this.#request
    // Raw bytes are hashed as they are: as JSON, 64 MB of them would fill the heap.
    const bytes = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null)
    return createHash('sha256').update(`${url}\n`).update(bytes).digest('base64url')
  }
}

function send<Permission extends string>(
  pipeline: Pipeline<Permission>,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome,
): unknown {
  switch (outcome.kind) {
    case 'hijacked':
      return reply.hijack()
    case 'problem':
      return sendRefusal(request, reply, outcome)
    case 'idempotency-mismatch':
      return sendRefusal(
        request,
        reply,
        refusalFrom(pipeline.problems, 'idempotency-mismatch', 'This key belongs to another request; use a fresh one.'),
      )
    case 'answer': {
      if (outcome.headers !== undefined) reply.headers(outcome.headers)
      if (pipeline.draining) reply.header('connection', 'close')
      if (request.method === 'GET' && outcome.status === 200) return sendRead(request, reply, outcome)
      return reply.code(outcome.status).send(outcome.status === 204 ? undefined : outcome.body)
    }
  }
}

/** Every read has an entity tag: the handler's own, or the hash of the body. A matching request gets 304. */
function sendRead(request: FastifyRequest, reply: FastifyReply, outcome: Answer): unknown {
  let { body } = outcome
  let etag = outcome.headers?.etag
  if (etag === undefined && !Buffer.isBuffer(body) && typeof body === 'object') {
    reply.code(200).type('application/json; charset=utf-8')
    body = reply.serialize(body)
    etag = `"${hash('sha1', String(body), 'base64url')}"`
    reply.header('etag', etag)
  }
  if (etag !== undefined && request.headers['if-none-match'] === etag) return reply.code(304).send()
  return reply.code(200).send(body)
}

function descriptionOf({ description, problems }: AnyRoute): { description?: string } {
  const refusals = problems === undefined ? [] : [`Refusals: ${problems.join(', ')}.`]
  const sentences = [...(description === undefined ? [] : [description]), ...refusals]
  return sentences.length === 0 ? {} : { description: sentences.join(' ') }
}

function schemaOf(definition: AnyRoute, idempotency: 'required' | 'optional' | 'none'): Record<string, unknown> {
  const response: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(definition.responses)) {
    response[status] =
      typeof schema === 'string'
        ? { description: schema, content: { [schema]: { schema: { type: 'string' } } } }
        : schema
  }
  response['4xx'] = { description: 'A refusal', content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } } }
  response['5xx'] = { description: 'Our fault', content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } } }
  return {
    operationId: definition.id,
    summary: definition.summary,
    tags: [definition.tag],
    ...descriptionOf(definition),
    security: definition.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    ...paramSchemas(definition),
    ...(idempotency === 'none'
      ? {}
      : {
          headers: {
            type: 'object',
            properties: { 'idempotency-key': { type: 'string', minLength: 1, maxLength: 257 } },
            ...(idempotency === 'required' ? { required: ['idempotency-key'] } : {}),
          },
        }),
    response,
  }
}

function paramSchemas(definition: AnyRoute): Record<string, TSchema> {
  return {
    ...(definition.params === undefined ? {} : { params: definition.params }),
    ...(definition.query === undefined ? {} : { querystring: definition.query }),
    ...(definition.body === undefined || definition.raw_body === true ? {} : { body: definition.body }),
  }
}
