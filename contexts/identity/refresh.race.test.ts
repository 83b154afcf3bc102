import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'

const WIDTH = 24

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('24 parallel refreshes of one token: all get a working pair, the family keeps one live token', async () => {
  const person = await fixture.newPerson()
  const body = { refresh_token: person.refresh_token }
  const replies = await Promise.all(
    Array.from({ length: WIDTH }, () => fixture.call('POST', '/api/v1/auth/refresh', { body })),
  )
  expect(replies.map((reply) => reply.status)).toEqual(Array.from({ length: WIDTH }, () => 200))
  const living = new Set(replies.map((reply) => reply.body.refresh_token))
  expect(living.size).toBe(1)
  for (const reply of replies) {
    expect((await fixture.call('GET', '/api/v1/users/me', { token: reply.body.access_token })).status).toBe(200)
  }
  const [child = ''] = living
  expect((await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: child } })).status).toBe(200)
  const leaves = await fixture.context.owner.query(
    `select 1 from identity.refresh_tokens r join identity.sessions s on s.id = r.session_id where s.user_id = $1 and r.used_at is null`,
    [person.user_id],
  )
  expect(leaves).toHaveLength(1)
})

test('a refresh that races a log-out leaves no session behind', async () => {
  for (let round = 0; round < 20; round++) {
    const person = await fixture.newPerson()
    const [renewed] = await Promise.all([
      fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: person.refresh_token } }),
      fixture.call('POST', '/api/v1/auth/logout', { token: person.access_token }),
    ])
    if (renewed.status !== 200) continue
    expect((await fixture.call('GET', '/api/v1/users/me', { token: renewed.body.access_token })).status).toBe(401)
    expect(
      (await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: renewed.body.refresh_token } }))
        .status,
    ).toBe(401)
  }
})

test('negative control: reading before updating lets several win', async () => {
  const { owner } = fixture.context
  await owner.query('create table public.control (token text primary key, used_at timestamptz)')
  await owner.query(`insert into public.control values ('parent', null)`)
  const wins = await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      const unused = await owner.query(`select 1 from public.control where token = 'parent' and used_at is null`)
      await owner.query(`update public.control set used_at = now() where token = 'parent'`)
      return unused.length === 1
    }),
  )
  expect(wins.filter(Boolean).length).toBeGreaterThan(1)
})
