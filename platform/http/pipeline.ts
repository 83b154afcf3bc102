import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '#platform/auth'
import { runInTrace } from '#platform/telemetry'
import { clientAddress, rateLimitSourcesOf, sourcesOf } from './client-address.ts'
import { ACCESS_COOKIE, cookieName, readCookie } from './cookies.ts'
import type { HttpOptions, RouteAccess } from './definition.ts'
import { type EdgeSlug, problemBody, type Refusal, refusalFrom } from './refusal.ts'
import { VISITOR_HEADER } from './visitor-pass.ts'

export type Pipeline<Permission extends string> = HttpOptions<Permission> & {
  draining: boolean
  in_flight: number
  in_flight_max: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: string
    idempotency?: 'required' | 'optional' | 'none'
    raw_body?: true
    unmetered?: true
    operation?: string
  }
  interface FastifyRequest {
    tessera: RequestContext
  }
}

/** The pipeline's results for a request, for the handler and the metrics. */
export type RequestContext = {
  request_id: string
  traceparent: string
  principal: Principal | null
  /** The visitor on whose behalf the web process calls; null for outside requests. */
  visitor: string | null
  started_at_ms: number
}

export const accessCookie = (secure: boolean): string => cookieName(ACCESS_COOKIE, secure)
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const ORDER_LINK = /[?&]access=/
const KEY_LENGTH_MAX = 255

/** Assigns a request its id and trace, and returns both in headers. */
export function arrive(request: FastifyRequest, reply: FastifyReply): RequestContext {
  const trace = traceOf(request.headers.traceparent)
  const context: RequestContext = {
    request_id: trace.id,
    traceparent: trace.traceparent,
    principal: null,
    visitor: null,
    started_at_ms: performance.now(),
  }
  request.tessera = context
  reply.header('x-request-id', trace.id)
  reply.header('traceparent', trace.traceparent)
  return context
}

/**
 * Everything before the body is read, in this order: request id and trace, load shedding, authentication, rate limit,
 * CSRF token of cookie sessions, permission, idempotency key. Synchronous for a cached token and a permission that needs no look-up, because the
 * hottest requests pass here.
 */
export function admit<Permission extends string>(
  pipeline: Pipeline<Permission>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  const context = arrive(request, reply)
  const config = request.routeOptions.config
  reply.header('x-content-type-options', 'nosniff')
  // No route of ours (unknown address, the web app behind the proxy, metrics): nothing to check here.
  if (config.access === undefined) return done()
  // An API response is data: never framed, and its address never sent as a referrer (order links).
  reply.header('referrer-policy', 'no-referrer')
  reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  // Personal responses are cached nowhere unless the handler decides otherwise; an order link makes any response
  // personal.
  if (config.access !== 'public' || ORDER_LINK.test(request.url)) reply.header('cache-control', 'private, no-store')
  const refuse = (slug: EdgeSlug, detail?: string, retry_after_s?: number): void =>
    sendRefusal(request, reply, refusalFrom(pipeline.problems, slug, detail, retry_after_s))
  if (pipeline.in_flight >= pipeline.in_flight_max) return refuse('unavailable', 'Too much is under way.', 1)
  const pass = headerOf(request, VISITOR_HEADER)
  if (pass !== undefined) context.visitor = pipeline.visitors?.read(pass) ?? null
  const credentials = credentialsOf(pipeline, request)
  const proceed = (principal: Principal | null): void => {
    context.principal = principal
    // Requests of the web process while it renders were counted with the page.
    const limited = config.unmetered === true || context.visitor !== null ? null : meter(pipeline, request, reply)
    if (limited !== null) return refuse('too-many-requests', 'Slow down a little.', limited)
    const access = config.access as RouteAccess<Permission>
    if (access === 'public') return runInTrace(context, done)
    if (principal === null) return refuse('unauthenticated', 'Send a valid access token.')
    if (
      credentials.from_cookie &&
      isWrite(request.method) &&
      !pipeline.csrf_ok(principal, headerOf(request, 'x-csrf-token'))
    ) {
      return refuse('csrf-token-missing', 'Send the csrf_token of this session as X-CSRF-Token.')
    }
    const keyed = (): void => {
      if (config.idempotency === 'required' && idempotencyKey(request) === null)
        return refuse('idempotency-key-required', 'Send an Idempotency-Key header, fresh for each intent.')
      return runInTrace(context, done)
    }
    if (access === 'session' || pipeline.mayGlobally(principal, access)) return keyed()
    if (!pipeline.needsMembership(access)) return refuse('forbidden')
    pipeline.access.may(principal, access).then(
      (may) => (may ? keyed() : refuse('forbidden')),
      (error: unknown) => reply.send(error),
    )
  }
  if (credentials.token === undefined) return proceed(null)
  const verified = pipeline.verify(credentials.token)
  if (!(verified instanceof Promise)) return proceed(verified)
  verified.then(proceed, (error: unknown) => reply.send(error))
}

/** Quotas that the accounts of one address share, so that making many accounts does not multiply quotas. */
const ACCOUNTS_PER_ADDRESS = 16

/**
 * Takes one from the caller's quota; null if there was some left, otherwise the seconds to wait. Guests use that of
 * their address. An account uses its own and, with the other accounts there, 16 quotas of its address (a local address
 * has 1,600).
 */
function meter<Permission extends string>(
  pipeline: Pipeline<Permission>,
  request: FastifyRequest,
  reply: FastifyReply,
): number | null {
  if (pipeline.rate_limiter === null) return null
  const { principal } = request.tessera
  const address = addressOf(request)
  if (principal === null || principal.guest) return pipeline.rate_limiter.take(sourcesOf(address), reply)
  const accounts = rateLimitSourcesOf(address).map(({ source, quotas }) => ({
    source: `accounts of ${source}`,
    quotas: quotas * ACCOUNTS_PER_ADDRESS,
  }))
  return pipeline.rate_limiter.take([{ source: principal.user_id, quotas: 1 }, ...accounts], reply)
}

/** The same for a request outside of our routes: a page of the web app. */
export async function meterPage<Permission extends string>(
  pipeline: Pipeline<Permission>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<number | null> {
  if (pipeline.rate_limiter === null) return null
  const { token } = credentialsOf(pipeline, request)
  request.tessera.principal = token === undefined ? null : await pipeline.verify(token)
  return meter(pipeline, request, reply)
}

/** The client's address: the visitor's, if the web process calls for one. */
export function addressOf(request: Pick<FastifyRequest, 'ip' | 'socket' | 'tessera'>): string {
  return request.tessera.visitor ?? clientAddress(request)
}

/** Sends a refusal as problem+json. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  if (refusal.retry_after_s !== undefined) reply.header('retry-after', String(Math.ceil(refusal.retry_after_s)))
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer')
  const path = request.url.split('?', 1)[0] ?? '/'
  reply
    .code(refusal.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemBody(refusal, path, request.tessera.request_id)))
}

/** The key without the quotes that the draft standard puts around it, or null when it is not usable. */
export function idempotencyKey(request: FastifyRequest): string | null {
  const value = headerOf(request, 'idempotency-key')
  const key = value?.startsWith('"') === true ? value.replace(/^"(.*)"$/, '$1') : value
  return key === undefined || key === '' || key.length > KEY_LENGTH_MAX ? null : key
}

function isWrite(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function credentialsOf(
  { secure_cookies }: { secure_cookies: boolean },
  request: FastifyRequest,
): { token: string | undefined; from_cookie: boolean } {
  const header = request.headers.authorization
  if (header !== undefined) {
    return { token: /^bearer /i.test(header) ? header.slice(7) : '', from_cookie: false }
  }
  const cookie = request.headers.cookie
  if (cookie === undefined || !cookie.includes(ACCESS_COOKIE)) return { token: undefined, from_cookie: false }
  return { token: readCookie(cookie, accessCookie(secure_cookies)), from_cookie: true }
}

function traceOf(header: unknown): { id: string; traceparent: string } {
  const parent = typeof header === 'string' ? TRACEPARENT.exec(header) : null
  const random = randomHex()
  const id = parent?.[1] ?? random.slice(0, 32)
  return { id, traceparent: `00-${id}-${random.slice(32)}-${parent?.[3] ?? '00'}` }
}

let pool = ''
/** 48 hex digits from a pool: a system call per request costs more than the rest of the pipeline. */
function randomHex(): string {
  if (pool.length < 48) pool = randomBytes(24 * 256).toString('hex')
  const hex = pool.slice(0, 48)
  pool = pool.slice(48)
  return hex
}
