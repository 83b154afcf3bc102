import type { Static, TSchema } from 'typebox'
import type { Access, Principal } from '#platform/auth'
import type { Telemetry } from '#platform/telemetry'
import type { Call, Idempotency, Outcome } from './answer.ts'
import type { BodyBudget } from './body-budget.ts'
import type { TrustedProxies } from './client-address.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { ProblemTable, Refusal } from './refusal.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { VisitorPasses } from './visitor-pass.ts'

/**
 * Who may call: `public` (a valid token is still read), `session` (any signed-in principal or guest), or a permission,
 * by the one table.
 */
export type RouteAccess<Permission extends string> = 'public' | 'session' | Permission

export type IdempotencyMode = 'required' | 'optional' | 'none'

export type RouteDefinition<
  Permission extends string,
  Params extends TSchema | undefined,
  Query extends TSchema | undefined,
  Body extends TSchema | undefined,
  Access extends RouteAccess<Permission> = RouteAccess<Permission>,
  Mode extends IdempotencyMode = IdempotencyMode,
> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify notation: `/api/v1/events/:event_id`. */
  url: string
  /** operationId, camelCase, the verb first: `holdSeats`. */
  id: string
  summary: string
  /** Sentences for the OpenAPI page, before the refusals. */
  description?: string
  tag: string
  access: Access
  /** `required` answers 428 without the header. Default: `optional` on writes by a principal, `none` on reads. */
  idempotency?: Mode
  params?: Params
  query?: Query
  body?: Body
  /** Body schema by status; a string is a content type for bytes and streams. */
  responses: Readonly<Record<number, TSchema | string>>
  /** Slugs of the route's own refusals, for the OpenAPI page. */
  problems?: readonly string[]
  /** Limit for bodies above 64 kB: only for routes that need it. */
  body_bytes_max?: number
  /**
   * Authorization beyond the permission, e.g. the venue's organization, checked before a large body is read. Null:
   * continue; a problem refuses. Not called on public routes without a principal. The parameters are not validated yet.
   */
  authorize?(call: { principal: Who<Access>; params: In<Params> }): Promise<Refusal | null>
  /** The body as an unparsed Buffer: for signatures. */
  raw_body?: true
  /** Not counted against the caller's quota: for machines that authenticate by a signature and come in bursts. */
  unmetered?: true
  /** The response stays open: counted against the streams of its source and of this process until it is closed. */
  stream?: true
}

type In<Schema> = Schema extends TSchema ? Static<Schema> : unknown
/** A caller of a route that is not `public` is known; a route that requires a key has one. */
type Who<Access> = Access extends 'public' ? Principal | null : Principal
type Key<Mode> = Mode extends 'required' ? Idempotency : Idempotency | null

export type Http<Permission extends string = string> = {
  route<
    Params extends TSchema | undefined = undefined,
    Query extends TSchema | undefined = undefined,
    Body extends TSchema | undefined = undefined,
    const Access extends RouteAccess<Permission> = RouteAccess<Permission>,
    const Mode extends IdempotencyMode = 'optional',
  >(
    definition: RouteDefinition<Permission, Params, Query, Body, Access, Mode>,
    handler: (call: Call<In<Params>, In<Query>, In<Body>, Who<Access>, Key<Mode>>) => Promise<Outcome> | Outcome,
  ): void
}

export type HttpOptions<Permission extends string> = {
  telemetry: Telemetry
  problems: ProblemTable
  access: Access<Permission>
  /** True when this permission depends on memberships, so that they must be read. */
  needsMembership(permission: Permission): boolean
  /** True when a global role has this permission. Decided without I/O. */
  mayGlobally(principal: Principal, permission: Permission): boolean
  /** The principal synchronously for a cached token, after verification for a new one; null for an invalid one. */
  verify(token: string): Principal | null | Promise<Principal | null>
  csrf_ok(principal: Principal, token: string | undefined): boolean
  /** The product is reached over TLS: its cookies are Secure, and their names have a prefix. */
  secure_cookies: boolean
  rate_limiter: RateLimiter | null
  /** Null: large bodies are not counted. */
  body_budget: BodyBudget | null
  /** Null: streams are not counted. */
  stream_limits: StreamLimits | null
  openapi: { title: string; version: string; description: string }
  trusted_proxies: TrustedProxies
  /** The passes that identify visitors in the web process's requests; null where there is none. */
  visitors: VisitorPasses | null
}

export type AnyRoute = RouteDefinition<string, TSchema | undefined, TSchema | undefined, TSchema | undefined>
