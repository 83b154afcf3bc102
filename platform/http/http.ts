import type { Server } from 'node:http'
import { createServer, type Socket } from 'node:net'
import AjvCompiler from '@fastify/ajv-compiler'
import { SerializerSelector as SerializerCompiler } from '@fastify/fast-json-stringify-compiler'
import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchemaValidationError,
} from 'fastify'
import type { Call, Outcome } from './answer.ts'
import { addBodyParsers, BODY_BYTES_MAX, isLargeBody } from './body.ts'
import { proxyTrust } from './client-address.ts'
import type { AnyRoute, Http, HttpOptions } from './definition.ts'
import { handleErrors } from './errors.ts'
import { accessCookie, admit, meterPage, type Pipeline } from './pipeline.ts'
import { routeHandler } from './route.ts'
import { expectNothing, refuseUnparsable } from './transport.ts'

export type RunningHttp<Permission extends string> = Http<Permission> & {
  fastify: FastifyInstance
  server: Server
  /** Every route as defined, for the authorization matrix and the docs. */
  definitions: readonly AnyRoute[]
  /** `shared`: other processes may listen on the same port, and the system spreads connections over all of them. */
  listen(port: number, host: string, options?: { shared?: boolean }): Promise<void>
  /** Refuses new work at once and waits for work in progress, `drain_ms` at most. */
  close(drain_ms: number): Promise<void>
  draining(): boolean
  /** Takes one from the quota of a page's visitor; null if there was some left, otherwise the seconds to wait. */
  meterPage(request: FastifyRequest, reply: FastifyReply): Promise<number | null>
  openapi(): Record<string, unknown>
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 15_000
const KEEP_ALIVE_MS = 65_000
const PARAM_LENGTH_MAX = 500
/** Time for the first request of a connection when the drain begins. */
const UNUSED_GRACE_MS = 200
/** Requests in progress in one process before new ones are shed with 503. */
const IN_FLIGHT_MAX = 20_000
/** Length of the system's accept queue: a burst arrives while the event loop is busy. */
const BACKLOG = 4_096

/**
 * The HTTP server and its pipeline: request id and trace, load shedding, authentication, rate limit, permission,
 * idempotency key, body limits, validation by schema, problem+json for every error, metrics, drain. Independent of
 * ticketing.
 */
export async function createHttp<Permission extends string>(
  options: HttpOptions<Permission>,
): Promise<RunningHttp<Permission>> {
  const fastify = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: proxyTrust(options.trusted_proxies),
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX, ignoreTrailingSlash: true },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: () => '',
    ...refuseUnparsable(options.problems),
  })
  const pipeline: Pipeline<Permission> = { ...options, draining: false, in_flight: 0, in_flight_max: IN_FLIGHT_MAX }
  const definitions: AnyRoute[] = []
  const cutUnused = unusedConnections(fastify.server)
  expectNothing(fastify.server)
  validateStrictly(fastify)
  serializeResults(fastify)
  addBodyParsers(fastify)
  handleErrors(fastify, options.problems, options.telemetry)
  fastify.addHook('onRequest', (request, reply, done) => admit(pipeline, request, reply, done))
  // Only operations have tags: other routes (the web app, health, assets of the docs) are no part of the contract.
  await fastify.register(swagger, { openapi: openapiBase(options), hideUntagged: true })
  return {
    fastify,
    server: fastify.server,
    definitions,
    route: (definition, handler) => {
      definitions.push(definition as unknown as AnyRoute)
      fastify.register(async (scope) => {
        scope.route(
          routeHandler(pipeline, definition as unknown as AnyRoute, handler as (call: Call) => Promise<Outcome>),
        )
      })
    },
    listen: async (port, host, { shared = false } = {}) => {
      // Fastify passes options on to Node.js that its own types lack.
      const where = { port, host: await reachable(host), backlog: BACKLOG, reusePort: shared }
      await fastify.listen(where)
    },
    meterPage: (request, reply) => meterPage(pipeline, request, reply),
    draining: () => pipeline.draining,
    close: (drain_ms) => drain({ fastify, pipeline, cutUnused, drain_ms }),
    openapi: () => fastify.swagger() as unknown as Record<string, unknown>,
  }
}

/** `::` accepts IPv4 too, but a machine or a container may have no IPv6 at all. */
async function reachable(host: string): Promise<string> {
  if (host !== '::') return host
  const probe = createServer()
  const { promise, resolve } = Promise.withResolvers<string>()
  probe.once('error', () => resolve('0.0.0.0'))
  probe.listen({ port: 0, host, exclusive: true }, () => probe.close(() => resolve(host)))
  return promise
}

/**
 * Bodies are validated as they are; text in addresses and headers may be converted to numbers. Nothing is removed or
 * guessed. All errors of a form are reported at once, of a large body only the first.
 */
function validateStrictly(fastify: FastifyInstance): void {
  const options = { removeAdditional: false as const, useDefaults: true, allErrors: true }
  const compilers = AjvCompiler()
  const strict = compilers({}, { customOptions: { ...options, coerceTypes: false } })
  const first = compilers({}, { customOptions: { ...options, coerceTypes: false, allErrors: false } })
  // strictNumbers would skip the bounds of values like 1e400 instead of applying them.
  const lenient = compilers({}, { customOptions: { ...options, coerceTypes: true, strictNumbers: false } })
  // Compiling is a good part of a start: many routes share the schemas of their addresses and headers, and few see a
  // large body.
  const shared = new Map<string, ReturnType<typeof lenient>>()
  fastify.setValidatorCompiler((route) => {
    if (route.httpPart !== 'body') return remembered(shared, JSON.stringify(route.schema), () => lenient(route))
    const all = strict(route) as Validate
    let one: Validate | undefined
    return (body: unknown) => {
      const validate = isLargeBody(body) ? (one ??= first(route) as Validate) : all
      return validate(body) === true ? { value: body } : { error: new InvalidBodyError(validate.errors ?? []) }
    }
  })
}

function remembered<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const value = values.get(key) ?? make()
  values.set(key, value)
  return value
}

/** Refusals are sent as text; their schemas are documentation, for which no serializer is made. */
function serializeResults(fastify: FastifyInstance): void {
  const compile = SerializerCompiler()({}, {})
  fastify.setSerializerCompiler(({ httpStatus = '', ...route }) =>
    /^[45]/.test(httpStatus) ? JSON.stringify : compile({ ...route, httpStatus }),
  )
}

type Validate = { (body: unknown): unknown; errors?: FastifySchemaValidationError[] | null }

class InvalidBodyError extends Error {
  readonly validation: FastifySchemaValidationError[]
  constructor(validation: FastifySchemaValidationError[]) {
    super('The body does not have the form this operation takes.')
    this.validation = validation
  }
}

type Draining = { fastify: FastifyInstance; pipeline: { draining: boolean }; cutUnused: () => void; drain_ms: number }

async function drain({ fastify, pipeline, cutUnused, drain_ms }: Draining): Promise<void> {
  pipeline.draining = true
  const unused = setTimeout(cutUnused, Math.min(UNUSED_GRACE_MS, drain_ms))
  const cut = setTimeout(() => fastify.server.closeAllConnections(), drain_ms)
  try {
    await fastify.close()
  } finally {
    clearTimeout(unused)
    clearTimeout(cut)
  }
}

/**
 * Browsers connect ahead of need, and Node.js counts a connection as busy until its first request: a drain would wait
 * for it.
 */
function unusedConnections(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}

function openapiBase({ openapi: info, secure_cookies }: Pick<HttpOptions<string>, 'openapi' | 'secure_cookies'>) {
  return {
    openapi: '3.1.0' as const,
    info: { ...info, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/', description: 'This origin' }],
    components: {
      securitySchemes: {
        bearer: { type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey' as const, in: 'cookie' as const, name: accessCookie(secure_cookies) },
      },
    },
  }
}
