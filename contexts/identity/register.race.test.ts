import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, PASSWORD } from './fixture.ts'

const WIDTH = 24

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('of 24 concurrent registrations of one address one succeeds', async () => {
  const body = { email: 'race@example.test', password: PASSWORD, first_name: 'Ida', last_name: 'Test' }
  const replies = await Promise.all(
    Array.from({ length: WIDTH }, () => fixture.call('POST', '/api/v1/auth/register', { body })),
  )
  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1)
  expect(replies.filter((reply) => reply.status === 409)).toHaveLength(WIDTH - 1)
  const rows = await fixture.context.owner.query(
    `select 1 from identity.users u join identity.credentials c on c.user_id = u.id where email = 'race@example.test'`,
  )
  expect(rows).toHaveLength(1)
  expect(await fixture.context.published('identity.user_registered')).toHaveLength(1)
})

test('negative control: reading before inserting, without the unique key, makes several accounts', async () => {
  const { owner } = fixture.context
  await owner.query('create table public.control (email text not null)')
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      const known = await owner.query(`select 1 from public.control where email = 'race@example.test'`)
      if (known.length === 0) await owner.query(`insert into public.control values ('race@example.test')`)
    }),
  )
  expect((await owner.query('select 1 from public.control')).length).toBeGreaterThan(1)
})
