import { expect, test } from 'vitest'
import { openHttp } from './http.fixture.ts'
import { createRateLimiter } from './index.ts'

test('a route that is not metered takes bursts, and uses up nobody’s quota', async () => {
  const http = await openHttp({ rate_limiter: createRateLimiter(1, 60) })
  const base = { method: 'POST', summary: 'x', tag: 'x', access: 'public', responses: {} } as const
  const done = () => ({ kind: 'answer', status: 200, body: null }) as const
  http.route({ ...base, id: 'metered', url: '/metered' }, done)
  http.route({ ...base, id: 'free', url: '/free', unmetered: true }, done)
  await http.fastify.ready()
  const post = async (url: string): Promise<number> => (await http.fastify.inject({ method: 'POST', url })).statusCode
  expect([await post('/free'), await post('/free'), await post('/metered')]).toEqual([200, 200, 200])
  expect([await post('/metered'), await post('/free')]).toEqual([429, 200])
})
