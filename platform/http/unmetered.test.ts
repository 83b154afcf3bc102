import { expect, test } from 'vitest'
import type { Principal } from '#platform/auth'
import { openHttp } from './http.fixture.ts'
import { createRateLimiter } from './index.ts'

test("accounts of one address share sixteen quotas of it, and use none of its guests' quota", async () => {
  const verify = (token: string): Principal => ({
    user_id: token,
    session_id: token,
    roles: ['attendee'],
    guest: false,
    expires_at_s: Number.MAX_SAFE_INTEGER,
  })
  const http = await openHttp({ rate_limiter: createRateLimiter(2, 60), verify })
  const definition = { method: 'GET', summary: 'x', tag: 'x', access: 'public', responses: {}, url: '/read' } as const
  http.route({ ...definition, id: 'read' }, () => ({ kind: 'answer', status: 200, body: null }))
  await http.fastify.ready()
  const read = async (remoteAddress: string, account?: string): Promise<number> => {
    const headers = account === undefined ? {} : { authorization: `Bearer ${account}` }
    return (await http.fastify.inject({ method: 'GET', url: '/read', remoteAddress, headers })).statusCode
  }
  const served = async (address: string, accounts: number): Promise<number> => {
    let count = 0
    for (let n = 0; n < accounts; n++) if ((await read(address, `account ${n} at ${address}`)) === 200) count++
    return count
  }
  expect(await served('203.0.113.1', 40)).toBe(32)
  expect(await read('203.0.113.1')).toBe(200)
  // One account has its own quota everywhere.
  expect([await read('203.0.113.2', 'one'), await read('203.0.113.2', 'one')]).toEqual([200, 200])
  expect(await read('203.0.113.3', 'one')).toBe(429)
  // A local address stands for many clients: a hundred times as much.
  expect(await served('127.0.0.1', 400)).toBe(400)
})

test('an unmetered route accepts bursts, and uses nobody’s quota', async () => {
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
