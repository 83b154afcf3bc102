export { type Answer, answer, type Call, HIJACKED, type Hijacked, type Idempotency, type Outcome } from './answer.ts'
export { BODY_BYTES_MAX } from './body.ts'
export { type BodyBudget, createBodyBudget } from './body-budget.ts'
export { parseNetwork, rateLimitSourcesOf, type Source, sourcesOf, type TrustedProxies } from './client-address.ts'
export {
  ACCESS_COOKIE,
  type CookieOptions,
  cookieName,
  DEVICE_COOKIE,
  REFRESH_COOKIE,
  readCookie,
  setCookie,
  withoutCookies,
} from './cookies.ts'
export type { AnyRoute, Http, HttpOptions, RouteDefinition } from './definition.ts'
export { createHttp, type RunningHttp } from './http.ts'
export { onceByKey } from './idempotency.ts'
export { languageHeaders, negotiateLanguage } from './language.ts'
export { decodeCursor, encodeCursor, limitOf, PageQuery, page, pageOf } from './pages.ts'
export { addressOf } from './pipeline.ts'
export { createRateLimiter, type RateLimiter } from './rate-limit.ts'
export type { ProblemTable, Refusal } from './refusal.ts'
export { createStreamLimits, type StreamLimits } from './stream-limits.ts'
export { createVisitorPasses, VISITOR_HEADER, type VisitorPasses } from './visitor-pass.ts'
