import { expect, test } from 'vitest'
import { openHttp } from './http.fixture.ts'
import { createRateLimiter } from './index.ts'

test('whom a call is for is believed from loopback, and from nowhere else', async () => {
  const http = await openHttp({ rate_limiter: createRateLimiter(1, 60) })
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
