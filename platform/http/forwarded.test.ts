import { expect, test } from 'vitest'
import { createSecrets } from '#platform/auth'
import { openHttp } from './http.fixture.ts'
import { createRateLimiter, createVisitorPasses, type TrustedProxies, VISITOR_HEADER } from './index.ts'

const VISITOR = '198.51.100.1'
const visitors = createVisitorPasses(createSecrets(Buffer.alloc(32, 7)))

async function open(trusted_proxies: TrustedProxies, quota: number) {
  const http = await openHttp({ rate_limiter: createRateLimiter(quota, 60), trusted_proxies, visitors })
  const base = { method: 'GET', summary: 'x', tag: 'x', access: 'public', responses: {} } as const
  http.route({ ...base, id: 'who', url: '/who' }, (call) => ({ kind: 'answer', status: 200, body: call.ip }))
  await http.fastify.ready()
  return async (remoteAddress: string, headers: Record<string, string> = {}) => {
    const { statusCode, body } = await http.fastify.inject({ method: 'GET', url: '/who', remoteAddress, headers })
    return statusCode === 200 ? body : statusCode
  }
}

const via = (...hops: string[]) => ({ 'x-forwarded-for': hops.join(', ') })

test.each<[TrustedProxies, string, string[], string]>([
  // Without a setting no proxy is trusted, not even this machine.
  [{ hops: 0 }, '127.0.0.1', [VISITOR], '127.0.0.1'],
  [{ hops: 0 }, '203.0.113.9', [VISITOR], '203.0.113.9'],
  // One hop: the address that it saw, not the one the client sent.
  [{ hops: 1 }, '127.0.0.1', [VISITOR], VISITOR],
  [{ hops: 1 }, '127.0.0.1', ['6.6.6.6', VISITOR], VISITOR],
  [{ hops: 1 }, '127.0.0.1', [], '127.0.0.1'],
  [{ hops: 2 }, '10.0.0.1', ['6.6.6.6', VISITOR, '10.0.0.2'], VISITOR],
  // Networks: the nearest address outside of all of them.
  [{ networks: ['10.0.0.0/8'] }, '10.0.0.1', ['6.6.6.6', VISITOR, '10.0.0.2'], VISITOR],
  [{ networks: ['10.0.0.0/8'] }, '203.0.113.9', [VISITOR], '203.0.113.9'],
  [{ networks: ['10.0.0.0/8'] }, '::ffff:10.0.0.1', [VISITOR], VISITOR],
  // A value that is no address is ignored.
  [{ hops: 1 }, '127.0.0.1', ['unknown'], '127.0.0.1'],
  [{ hops: 1 }, '127.0.0.1', ['<script>'], '127.0.0.1'],
])('behind %j, from %s by way of %j, comes %s', async (proxies, socket, hops, address) => {
  const ask = await open(proxies, 100)
  expect(await ask(socket, hops.length === 0 ? {} : via(...hops))).toBe(address)
})

test('a client behind a trusted proxy cannot name another address to escape its quota', async () => {
  const ask = await open({ hops: 1 }, 1)
  expect([await ask('10.0.0.1', via('1.1.1.1', VISITOR)), await ask('10.0.0.1', via('2.2.2.2', VISITOR))]).toEqual([
    VISITOR,
    429,
  ])
})

test('addresses of one IPv6 subscriber share a quota, and so do invalid addresses', async () => {
  const ask = await open({ hops: 0 }, 1)
  expect([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8:0:1::1')]).toEqual([
    '2001:db8::1',
    429,
    '2001:db8:0:1::1',
  ])
})

test('one /48 has a larger quota, not an endless one', async () => {
  const ask = await open({ hops: 0 }, 1)
  const answers = []
  for (let subnet = 0; subnet < 20; subnet++) answers.push(await ask(`2001:db8:7:${subnet.toString(16)}::1`))
  expect(answers.filter((answer) => answer !== 429)).toHaveLength(16)
})

test("the web process presents a visitor's pass; a forged or expired one is ignored", async () => {
  const ask = await open({ hops: 0 }, 1)
  const pass = { [VISITOR_HEADER]: visitors.issue(VISITOR) }
  // The page was counted; its API requests are not counted again.
  expect([await ask('127.0.0.1', pass), await ask('127.0.0.1', pass)]).toEqual([VISITOR, VISITOR])
  const forged = { [VISITOR_HEADER]: visitors.issue(VISITOR).replace(VISITOR, '198.51.100.2') }
  const old = { [VISITOR_HEADER]: createVisitorPasses(createSecrets(Buffer.alloc(32, 7)), () => 0).issue(VISITOR) }
  const foreign = { [VISITOR_HEADER]: createVisitorPasses(createSecrets(Buffer.alloc(32, 8))).issue(VISITOR) }
  expect(await ask('203.0.113.1', forged)).toBe('203.0.113.1')
  expect(await ask('203.0.113.2', old)).toBe('203.0.113.2')
  expect(await ask('203.0.113.3', foreign)).toBe('203.0.113.3')
  expect(await ask('203.0.113.3', { [VISITOR_HEADER]: '||' })).toBe(429)
})
