import { expect, test } from 'vitest'
import { openHttp } from './http.fixture.ts'

test('answers to a session or an order link are not stored unless the handler decides otherwise', async () => {
  const principal = { user_id: 'usr', session_id: 'ses', roles: ['attendee'], guest: false, expires_at_s: 9e9 }
  const http = await openHttp({ verify: () => principal })
  const base = { method: 'GET', summary: 'x', tag: 'x', responses: {} } as const
  const done = () => ({ kind: 'answer', status: 200, body: { any: 'thing' } }) as const
  http.route({ ...base, id: 'open', url: '/open', access: 'public' }, done)
  http.route({ ...base, id: 'mine', url: '/mine', access: 'session' }, done)
  const headers = { 'cache-control': 'private, no-cache' }
  http.route({ ...base, id: 'tagged', url: '/tagged', access: 'session' }, () => ({ ...done(), headers }))
  await http.fastify.ready()
  const told = async (url: string): Promise<unknown> =>
    (await http.fastify.inject({ method: 'GET', url, headers: { authorization: 'Bearer x' } })).headers['cache-control']
  expect(await told('/open')).toBeUndefined()
  expect(await told('/open?access=secret')).toBe('private, no-store')
  expect(await told('/open?a=1&access=secret')).toBe('private, no-store')
  expect(await told('/mine')).toBe('private, no-store')
  expect(await told('/tagged')).toBe('private, no-cache')
})
