import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply } from './fixture.ts'
import { type RefreshOutcome, refresh } from './refresh.ts'
import { watchRevocations } from './revocations.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const renew = (refresh_token: string): Promise<Reply> =>
  fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token } })
const me = (token: string): Promise<Reply> => fixture.call('GET', '/api/v1/users/me', { token })

/** Refreshes `second` seconds from now. */
async function renewAt(refresh_token: string, second: number): Promise<RefreshOutcome> {
  return refresh(fixture.deps, { refresh_token, as_of: new Date(Date.now() + second * 1_000).toISOString() })
}

function tokenOf(outcome: RefreshOutcome): string {
  if (outcome.kind !== 'refreshed') throw new Error('the session has ended')
  return outcome.refresh_token
}

test('a refresh returns a new pair of the same session, and the old token becomes invalid', async () => {
  const person = await fixture.newPerson()
  const reply = await renew(person.refresh_token)
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 900, user: { id: person.user_id } })
  expect(reply.body.refresh_token).not.toBe(person.refresh_token)
  expect((await me(reply.body.access_token)).status).toBe(200)
  const sessions = await fixture.call('GET', '/api/v1/users/me/sessions', { token: reply.body.access_token })
  expect(sessions.body.items).toHaveLength(1)
})

test('a stolen parent used after ten seconds ends the family, its live token and its access tokens', async () => {
  const victim = await fixture.newPerson()
  const child = tokenOf(await renewAt(victim.refresh_token, 0))
  expect((await me(victim.access_token)).status).toBe(200)
  expect(await renewAt(victim.refresh_token, 11)).toEqual({ kind: 'session-ended' })
  expect(await renewAt(child, 12)).toEqual({ kind: 'session-ended' })
  expect((await me(victim.access_token)).status).toBe(401)
  const rows = await fixture.context.owner.query('select revoked_because from identity.sessions where user_id = $1', [
    victim.user_id,
  ])
  expect(rows).toEqual([{ revoked_because: 'refresh-reuse' }])
})

test('other sessions of the victim continue', async () => {
  const victim = await fixture.newPerson()
  const other = await fixture.call('POST', '/api/v1/auth/login', {
    body: { email: victim.email, password: victim.password },
  })
  await renewAt(victim.refresh_token, 0)
  await renewAt(victim.refresh_token, 60)
  expect((await me(other.body.access_token)).status).toBe(200)
  expect((await renew(other.body.refresh_token)).status).toBe(200)
})

test('after a lost answer the same parent within ten seconds gets the same child', async () => {
  const person = await fixture.newPerson()
  const first = tokenOf(await renewAt(person.refresh_token, 0))
  expect(tokenOf(await renewAt(person.refresh_token, 9))).toBe(first)
  expect((await renewAt(first, 10)).kind).toBe('refreshed')
})

test('a parent used again within ten seconds, after its child was used, gets the live token', async () => {
  const person = await fixture.newPerson()
  const child = tokenOf(await renewAt(person.refresh_token, 0))
  const grandchild = tokenOf(await renewAt(child, 1))
  expect(tokenOf(await renewAt(person.refresh_token, 2))).toBe(grandchild)
  expect((await renewAt(grandchild, 3_600)).kind).toBe('refreshed')
})

test('a refresh token is valid for seven days from its issue', async () => {
  const day_s = 24 * 3_600
  const [early, late] = [await fixture.newPerson(), await fixture.newPerson()]
  const child = tokenOf(await renewAt(early.refresh_token, 6.9 * day_s))
  expect((await renewAt(child, 13.8 * day_s)).kind).toBe('refreshed')
  expect(await renewAt(late.refresh_token, 7.1 * day_s)).toEqual({ kind: 'session-ended' })
})

test.each(['', 'no such token', 'a\0\ud800', 'x'.repeat(256)])('%j is an unknown token', async (refresh_token) => {
  expect((await renew(refresh_token)).status).toBe(refresh_token === '' ? 400 : 401)
})

test('without a token it is malformed', async () => {
  expect((await fixture.call('POST', '/api/v1/auth/refresh', { body: {} })).status).toBe(400)
  expect((await fixture.call('POST', '/api/v1/auth/refresh')).status).toBe(400)
})

test('logging out ends the session at once: access token, refresh token, and the grace period', async () => {
  const person = await fixture.newPerson()
  const child = (await renew(person.refresh_token)).body.refresh_token
  expect((await me(person.access_token)).status).toBe(200)
  expect((await fixture.call('POST', '/api/v1/auth/logout', { token: person.access_token })).status).toBe(204)
  expect((await me(person.access_token)).status).toBe(401)
  expect((await renew(child)).status).toBe(401)
  expect((await renew(person.refresh_token)).status).toBe(401)
  expect((await fixture.call('POST', '/api/v1/auth/logout', { token: person.access_token })).status).toBe(401)
})

test('a refresh token alone logs out too, idempotently', async () => {
  const person = await fixture.newPerson()
  const logout = (): Promise<Reply> =>
    fixture.call('POST', '/api/v1/auth/logout', { body: { refresh_token: person.refresh_token } })
  expect((await logout()).status).toBe(204)
  expect((await logout()).status).toBe(204)
  expect((await me(person.access_token)).status).toBe(401)
  expect((await fixture.call('POST', '/api/v1/auth/logout')).status).toBe(401)
})

async function sessionOf(user_id: string): Promise<string | undefined> {
  const rows = await fixture.context.owner.query<{ id: string }>(
    'select id from identity.sessions where user_id = $1',
    [user_id],
  )
  return rows[0]?.id
}

test('recent revocations survive a restart, and later ones need no signal', async () => {
  const [before, after] = [await fixture.newPerson(), await fixture.newPerson()]
  await fixture.call('POST', '/api/v1/auth/logout', { token: before.access_token })
  const heard: string[] = []
  const { db, log } = fixture.deps
  const watching = await watchRevocations({ db, log, tell: (ids) => heard.push(...ids), poll_ms: 20 })
  expect(heard).toContain(await sessionOf(before.user_id))
  const id = await sessionOf(after.user_id)
  expect(heard).not.toContain(id)
  // Written by another process, whose signal is lost.
  await fixture.context.owner.query(
    `update identity.sessions set revoked_at = now() - interval '20 seconds', revoked_because = 'logout' where id = $1`,
    [id],
  )
  await expect.poll(() => heard).toContain(id)
  watching.stop()
  expect(heard.filter((one) => one === id)).toHaveLength(1)
})
