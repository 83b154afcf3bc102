import { createTelemetry } from '#platform/telemetry'
import type { HttpOptions } from './definition.ts'
import { createHttp, type RunningHttp } from './http.ts'
import type { ProblemTable } from './refusal.ts'

const told = (status: number) => ({ status, title: 'refused' })

const problems: ProblemTable = {
  'malformed-request': told(400),
  unauthenticated: told(401),
  forbidden: told(403),
  'csrf-token-missing': told(403),
  'not-found': told(404),
  'precondition-failed': told(412),
  'too-large': told(413),
  'unsupported-media-type': told(415),
  'idempotency-mismatch': told(422),
  'idempotency-key-required': told(428),
  'too-many-requests': told(429),
  'internal-error': told(500),
  unavailable: told(503),
}

/** An HTTP server without principals, for tests of the steps before any route. */
export function openHttp(options: Partial<HttpOptions<never>> = {}): Promise<RunningHttp<never>> {
  return createHttp<never>({
    telemetry: createTelemetry({ level: 'silent', service: 'test' }),
    problems,
    access: { may: async () => false, mayIn: async () => false, organizationsWith: async () => [] },
    needsMembership: () => false,
    mayGlobally: () => false,
    verify: () => null,
    csrf_ok: () => true,
    secure_cookies: false,
    rate_limiter: null,
    stream_limits: null,
    body_budget: null,
    openapi: { title: 'test', version: '0', description: 'test' },
    trusted_proxies: { hops: 0 },
    visitors: null,
    ...options,
  })
}
