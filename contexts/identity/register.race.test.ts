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

test('a list of addresses cannot be probed all at once either', async () => {
  const ip = '192.0.2.80'
  const ask = (email: string) =>
    fixture.call('POST', '/api/v1/auth/register', { ip, body: { email, password: PASSWORD, first_name: 'Ida' } })
  const known = await fixture.newPerson()
  const replies = await Promise.all(
    Array.from({ length: 80 }, (_, n) => ask(n % 2 === 0 ? known.email : `probe-${n}@example.test`)),
  )
  const told = replies.filter((reply) => reply.status === 409)
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThanOrEqual(30)
  expect(replies.filter((reply) => ![201, 409, 429].includes(reply.status))).toEqual([])
  const rows = await fixture.context.owner.query<{ used: number }>(
    `select used from identity.source_quotas where action = 'register' and source = $1`,
    [ip],
  )
  // What was reserved for answers that were not “taken” has been given back.
  expect(rows.map((row) => row.used)).toEqual([80 + 19 * told.length])
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
