import { expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { createHttp, createRateLimiter } from './index.ts'

const told = (status: number) => ({ status, title: 'refused' })

test('a route that is not metered takes bursts, and uses up nobody’s quota', async () => {
  const http = await createHttp<never>({
    telemetry: createTelemetry({ level: 'silent', service: 'test' }),
    problems: {
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
    },
    access: { may: async () => false, mayIn: async () => false, organizationsWith: async () => [] },
    needsMembership: () => false,
    mayGlobally: () => false,
    verify: () => null,
    csrf_ok: () => true,
    rate_limiter: createRateLimiter(1, 60),
    openapi: { title: 'test', version: '0', description: 'test' },
    trust_proxy: false,
  })
  const base = { method: 'POST', summary: 'x', tag: 'x', access: 'public', responses: {} } as const
  const done = () => ({ kind: 'answer', status: 200, body: null }) as const
  http.route({ ...base, id: 'metered', url: '/metered' }, done)
  http.route({ ...base, id: 'free', url: '/free', unmetered: true }, done)
  await http.fastify.ready()
  const post = async (url: string): Promise<number> => (await http.fastify.inject({ method: 'POST', url })).statusCode
  expect([await post('/free'), await post('/free'), await post('/metered')]).toEqual([200, 200, 200])
  expect([await post('/metered'), await post('/free')]).toEqual([429, 200])
})
