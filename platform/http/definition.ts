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
 * Who may come in: `public` (a valid token is still read), `session` (any signed-in principal or guest), or a
 * permission, by the one table.
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
  tag: string
  access: Access
  /** `required` answers 428 without the header. Default: `optional` on writes by a principal, `none` on reads. */
  idempotency?: Mode
  params?: Params
  query?: Query
  body?: Body
  /** Body schema by status; a string is a content type for bytes and streams. */
  responses: Readonly<Record<number, TSchema | string>>
  /** Slugs of the refusals this route gives by itself, for the OpenAPI page. */
  problems?: readonly string[]
  /** Larger bodies than the 64 kB that are enough for most: only where something needs them. */
  body_bytes_max?: number
  /**
   * Authorization that needs more than the permission, e.g. whose venue it is: asked before a large body is read. Null: go
   * on; a problem refuses. Not asked on public routes without a principal. The parameters are not validated yet.
   */
  authorize?(call: { principal: Who<Access>; params: In<Params> }): Promise<Refusal | null>
  /** The body arrives as a Buffer, untouched: for signatures. */
  raw_body?: true
  /** Not counted against the caller's quota: machines that prove themselves by a signature come in bursts. */
  unmetered?: true
  /** The answer stays open: counted against the streams of its source and of this process until it is closed. */
  stream?: true
}

type In<Schema> = Schema extends TSchema ? Static<Schema> : unknown
/** Whoever is let in by something other than `public` is known; where a key is required there is one. */
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
  /** Does holding this permission depend on memberships, so that they must be looked up? */
  needsMembership(permission: Permission): boolean
  /** Has a global role this permission? Decided without I/O. */
  mayGlobally(principal: Principal, permission: Permission): boolean
  /** A known token at once, an unknown one after its signature was checked; null when it is not ours or not valid now. */
  verify(token: string): Principal | null | Promise<Principal | null>
  csrf_ok(principal: Principal, token: string | undefined): boolean
  rate_limiter: RateLimiter | null
  /** Null: large bodies are not counted. */
  body_budget: BodyBudget | null
  /** Null: streams are not counted. */
  stream_limits: StreamLimits | null
  openapi: { title: string; version: string; description: string }
  trusted_proxies: TrustedProxies
  /** How the web process shows for whom it renders; null where there is none. */
  visitors: VisitorPasses | null
}

export type AnyRoute = RouteDefinition<string, TSchema | undefined, TSchema | undefined, TSchema | undefined>
