export { type Answer, answer, type Call, HIJACKED, type Hijacked, type Outcome } from './answer.ts'
export { type CookieOptions, readCookie, setCookie } from './cookies.ts'
export { ACCESS_COOKIE } from './door.ts'
export {
  type AnyRoute,
  createHttp,
  type Http,
  type HttpOptions,
  type RouteDefinition,
  type RunningHttp,
} from './http.ts'
export { type Idempotency, onceByKey } from './idempotency.ts'
export { decodeCursor, encodeCursor, page, PageQuery, pageOf } from './pages.ts'
export type { ProblemTable, Refusal } from './refusal.ts'
export { createRateLimiter, type RateLimiter } from './rate-limit.ts'
