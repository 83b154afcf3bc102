import { expect, test } from 'vitest'
import { openFixture } from './fixture.ts'
import { retireDemoUsers, seedDemoUsers } from './seed-demo.ts'

test('in production demo accounts cannot sign in and have no role', async () => {
  await using fixture = await openFixture()
  await seedDemoUsers(fixture.deps)
  const signIn = (email: string) =>
    fixture.call('POST', '/api/v1/auth/login', { body: { email, password: 'tessera-demo' } })
  const admin = await signIn('admin@demo.test')
  expect(admin.status).toBe(200)
  const other = await fixture.newPerson()
  const team = async (): Promise<unknown[]> =>
    fixture.context.owner.query(
      "select u.email, m.role from identity.memberships m join identity.users u on u.id = m.user_id where u.email like '%@demo.test' order by 1",
    )
  const tenant = (
    await fixture.call('POST', '/api/v1/organizations', { token: other.access_token, body: { name: 'A' } })
  ).body.id
  const body_of = { email: 'organizer@demo.test', role: 'organizer' }
  await fixture.call('POST', `/api/v1/organizations/${tenant}/members`, { token: other.access_token, body: body_of })
  expect(await team()).toHaveLength(5)
  const organizations = async (): Promise<string[]> =>
    (
      await fixture.context.owner.query<{ id: string }>(
        "select o.id from identity.organizations o join identity.users u on u.id = o.created_by where u.email like '%@demo.test' order by 1",
      )
    ).map((row) => row.id)
  const organization_ids = await organizations()
  expect(organization_ids).toHaveLength(2)
  // Not the tenant, which has a member of its own.
  expect(await retireDemoUsers(fixture.deps)).toEqual({ accounts: 7, organization_ids })
  expect(await team()).toEqual([
    { email: 'organizer2@demo.test', role: 'organizer' },
    { email: 'organizer@demo.test', role: 'organizer' },
  ])
  for (const name of ['organizer', 'organizer2', 'boxoffice', 'door', 'admin', 'attendee', 'attendee2'])
    expect((await signIn(`${name}@demo.test`)).status).toBe(401)
  const body = { refresh_token: admin.body.refresh_token }
  expect((await fixture.call('POST', '/api/v1/auth/refresh', { body })).status).toBe(401)
  const [role] = await fixture.context.owner.query("select role from identity.users where email = 'admin@demo.test'")
  expect(role).toEqual({ role: 'attendee' })
  expect((await fixture.call('GET', '/api/v1/users/me', { token: other.access_token })).status).toBe(200)
  expect(await retireDemoUsers(fixture.deps)).toEqual({ accounts: 0, organization_ids })
})
