import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('without a token there is no profile', async () => {
  expect((await fixture.call('GET', '/api/v1/users/me')).status).toBe(401)
  expect((await fixture.call('GET', '/api/v1/users/me/sessions')).status).toBe(401)
})

test('a profile has a tag, and is 304 while unchanged', async () => {
  const { access_token: token } = await fixture.newPerson()
  const read = await fixture.call('GET', '/api/v1/users/me', { token })
  const etag = read.headers.etag ?? ''
  expect((await fixture.call('GET', '/api/v1/users/me', { token, headers: { 'if-none-match': etag } })).status).toBe(
    304,
  )
  const renamed = await fixture.call('PATCH', '/api/v1/users/me', { token, body: { first_name: ' Ada ' } })
  expect(renamed.body).toMatchObject({ first_name: 'Ada', last_name: 'Test' })
  expect(renamed.headers.etag).not.toBe(etag)
  const again = await fixture.call('GET', '/api/v1/users/me', { token, headers: { 'if-none-match': etag } })
  expect([again.status, again.headers.etag]).toEqual([200, renamed.headers.etag])
})

test('If-Match lets one of two concurrent writers succeed', async () => {
  const { access_token: token } = await fixture.newPerson()
  const etag = (await fixture.call('GET', '/api/v1/users/me', { token })).headers.etag ?? ''
  const write = (first_name: string, tag: string): Promise<Reply> =>
    fixture.call('PATCH', '/api/v1/users/me', { token, headers: { 'if-match': tag }, body: { first_name } })
  const replies = await Promise.all(['One', 'Two', 'Three'].map((name) => write(name, etag)))
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 412, 412])
  expect((await write('Four', '*')).status).toBe(200)
  expect(
    (await write('Five', `"other", ${(await fixture.call('GET', '/api/v1/users/me', { token })).headers.etag}`)).status,
  ).toBe(200)
})

test.each([{ role: 'admin' }, { roles: ['admin'] }, { email: 'other@example.test' }, { id: 'usr_1' }, { guest: true }])(
  'nobody makes themselves %j',
  async (body) => {
    const { access_token: token } = await fixture.newPerson()
    expect((await fixture.call('PATCH', '/api/v1/users/me', { token, body })).status).toBe(400)
  },
)

test('an idempotency key returns its stored answer, and refuses another body', async () => {
  const { access_token: token } = await fixture.newPerson()
  const headers = { 'idempotency-key': 'rename-1' }
  const rename = (first_name: string): Promise<Reply> =>
    fixture.call('PATCH', '/api/v1/users/me', { token, headers, body: { first_name } })
  const first = await rename('Ada')
  const again = await rename('Ada')
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect(again.body).toEqual(first.body)
  expect((await rename('Eve')).body.type).toBe('/problems/idempotency-mismatch')
})

test('sessions are listed newest first, in pages, with the present one marked', async () => {
  const person = await fixture.newPerson()
  for (let round = 0; round < 4; round++)
    await fixture.call('POST', '/api/v1/auth/login', { headers: { 'user-agent': `Browser ${round}` }, body: person })
  const login = await fixture.call('POST', '/api/v1/auth/login', {
    body: { email: person.email, password: person.password },
  })
  const token = login.body.access_token
  const all = await fixture.call('GET', '/api/v1/users/me/sessions', { token })
  expect(all.body.items.map((item) => item.current)).toEqual([true, false])
  const page = await fixture.call('GET', '/api/v1/users/me/sessions?limit=1', { token })
  expect(page.body.items.map((item) => item.id)).toEqual([all.body.items[0]?.id])
  const rest = await fixture.call('GET', `/api/v1/users/me/sessions?limit=1&cursor=${page.body.next_cursor}`, { token })
  expect(rest.body.items.map((item) => item.id)).toEqual([all.body.items[1]?.id])
  expect(rest.body.next_cursor).toBeNull()
  for (const cursor of [
    'nonsense',
    Buffer.from('["a\\u0000"]').toString('base64url'),
    Buffer.from('[1]').toString('base64url'),
  ]) {
    expect((await fixture.call('GET', `/api/v1/users/me/sessions?cursor=${cursor}`, { token })).status).toBe(400)
  }
})

test('a revoked session ends at once; another person’s and an unknown one get the same answer', async () => {
  const [mine, stranger] = [await fixture.newPerson(), await fixture.newPerson()]
  const other = await fixture.call('POST', '/api/v1/auth/login', {
    body: { email: mine.email, password: mine.password },
  })
  const listed = await fixture.call('GET', '/api/v1/users/me/sessions', { token: mine.access_token })
  const target = listed.body.items.find((item) => item.current === false)?.id ?? ''
  const revoke = (token: string, id: string): Promise<Reply> =>
    fixture.call('DELETE', `/api/v1/users/me/sessions/${id}`, { token })

  const [foreign, absent, nonsense] = [
    await revoke(stranger.access_token, target),
    await revoke(stranger.access_token, 'ses_00000000000000000000000000'),
    await revoke(stranger.access_token, '%00'),
  ]
  expect([foreign.status, absent.status, nonsense.status]).toEqual([404, 404, 404])
  expect({ ...foreign.body, request_id: '', instance: '' }).toEqual({ ...absent.body, request_id: '', instance: '' })

  expect((await fixture.call('GET', '/api/v1/users/me', { token: other.body.access_token })).status).toBe(200)
  expect((await revoke(mine.access_token, target)).status).toBe(204)
  expect((await fixture.call('GET', '/api/v1/users/me', { token: other.body.access_token })).status).toBe(401)
  expect(
    (await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: other.body.refresh_token } })).status,
  ).toBe(401)
  expect((await revoke(mine.access_token, target)).status).toBe(404)
  expect((await fixture.call('GET', '/api/v1/users/me', { token: mine.access_token })).status).toBe(200)
})
