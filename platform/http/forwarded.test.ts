import { expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { createHttp, createRateLimiter } from './index.ts'

const told = (status: number) => ({ status, title: 'refused' })

test('whom a call is for is believed from loopback, and from nowhere else', async () => {
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
  const base = { method: 'GET', summary: 'x', tag: 'x', access: 'public', responses: {} } as const
  http.route({ ...base, id: 'page', url: '/page' }, () => ({ kind: 'answer', status: 200, body: null }))
  await http.fastify.ready()
  const get = async (remoteAddress: string, visitor: string): Promise<number> => {
    const headers = { 'x-forwarded-for': visitor }
    return (await http.fastify.inject({ method: 'GET', url: '/page', remoteAddress, headers })).statusCode
  }
  // The web process asks for two visitors: each has a quota of their own.
  expect([await get('127.0.0.1', '198.51.100.1'), await get('127.0.0.1', '198.51.100.2')]).toEqual([200, 200])
  expect(await get('127.0.0.1', '198.51.100.1')).toBe(429)
  // A stranger cannot name another address to escape a quota.
  expect([await get('203.0.113.9', '198.51.100.3'), await get('203.0.113.9', '198.51.100.4')]).toEqual([200, 429])
})
