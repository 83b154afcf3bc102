import { request } from 'node:http'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Principal } from '#platform/auth'
import { rateLimitSourcesOf } from './client-address.ts'
import { openHttp } from './http.fixture.ts'
import { createStreamLimits, HIJACKED, type StreamLimits } from './index.ts'

const one = (source: string, quotas = 1) => [{ source, quotas }]

test('streams are limited per source and per process, and closing one makes room', () => {
  const limits = createStreamLimits({ per_source: 2, total: 4 })
  const [first] = [limits.open(one('a')), limits.open(one('a'))]
  expect(limits.open(one('a')).kind).toBe('source-full')
  expect([limits.open(one('b')).kind, limits.open(one('c')).kind, limits.open(one('d')).kind]).toEqual([
    'open',
    'open',
    'full',
  ])
  if (first?.kind === 'open') {
    first.close()
    first.close()
  }
  expect([limits.open(one('a')).kind, limits.open(one('e')).kind]).toEqual(['open', 'full'])
})

test('an IPv6 client counts by its /64 and its /48, and a local address stands for a hundred', () => {
  expect(rateLimitSourcesOf('2001:db8:1:2::3')).toEqual([
    { source: '2001:db8:1:2::/64', quotas: 1 },
    { source: '2001:db8:1::/48', quotas: 16 },
  ])
  expect(rateLimitSourcesOf('127.0.0.1')).toEqual([{ source: '127.0.0.1', quotas: 100 }])
  expect(rateLimitSourcesOf('203.0.113.9')).toEqual([{ source: '203.0.113.9', quotas: 1 }])
})

test('a stream beyond the limit is 429 or 503 with Retry-After; without limits there is none', async () => {
  expect(await third(createStreamLimits({ per_source: 0.02, total: 9 }))).toEqual([429, '10'])
  expect(await third(createStreamLimits({ per_source: 9, total: 2 }))).toEqual([503, '10'])
  expect(await third(null)).toEqual([200, undefined])
})

/** Status and Retry-After of a client's third stream. */
async function third(stream_limits: StreamLimits | null): Promise<[number | undefined, string | undefined]> {
  const http = await openHttp({ stream_limits })
  http.route(
    { method: 'GET', url: '/s', id: 'stream', summary: 'x', tag: 'x', access: 'public', stream: true, responses: {} },
    ({ raw }) => {
      raw.response.writeHead(200).write(':')
      return HIJACKED
    },
  )
  await http.listen(0, '127.0.0.1')
  const address = http.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  let answer: [number | undefined, string | undefined] = [undefined, undefined]
  for (let n = 0; n < 3; n++)
    await new Promise<void>((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/s', agent: false }, (response) => {
        answer = [response.statusCode, response.headers['retry-after']]
        response.resume()
        response.on('error', () => undefined)
        resolve()
      })
      asked.on('error', reject).end()
    })
  http.server.closeAllConnections()
  await http.close(0)
  return answer
}

test('a stream whose client leaves while its token is verified is not counted', async () => {
  const arrived = Promise.withResolvers<void>()
  const verified = Promise.withResolvers<Principal>()
  const answered = Promise.withResolvers<void>()
  const stream_limits = createStreamLimits({ per_source: 1, total: 1 })
  const http = await openHttp({
    stream_limits,
    verify: () => {
      arrived.resolve()
      return verified.promise
    },
  })
  http.route(
    { method: 'GET', url: '/s', id: 'stream', summary: 'x', tag: 'x', access: 'session', stream: true, responses: {} },
    () => {
      answered.resolve()
      return HIJACKED
    },
  )
  await http.listen(0, '127.0.0.1')
  const address = http.server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const connections = promisify(http.server.getConnections.bind(http.server))
  const asked = request({ port, host: '127.0.0.1', path: '/s', headers: { authorization: 'Bearer x' } })
  asked.on('error', () => undefined).end()
  await arrived.promise
  asked.destroy()
  await expect.poll(() => connections()).toBe(0)
  verified.resolve({ user_id: 'usr_1', guest: false } as Principal)
  await answered.promise
  expect(stream_limits.open(one('a')).kind).toBe('open')
  await http.close(0)
})
