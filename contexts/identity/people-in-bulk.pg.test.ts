import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'
import { issueTokens } from './issue-tokens.ts'
import { rpc } from './rpc.ts'
import { seedDemoUsers } from './seed-demo.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

test('bulk tokens are valid, each of another attendee', async () => {
  const deps = { ...fixture.deps, token_issuer: 'http://localhost' }
  const tokens = await issueTokens(deps, 2_500)
  expect(new Set(tokens).size).toBe(2_500)
  const people = new Set<string>()
  for (const token of [tokens[0], tokens[1_234], tokens[2_499]]) {
    const me = await fixture.call('GET', '/api/v1/users/me', { token: token ?? '' })
    expect(me.body).toMatchObject({ guest: false, roles: ['attendee'] })
    people.add(me.body.id)
  }
  expect(people.size).toBe(3)
  expect(await fixture.context.published('identity.user_registered')).toHaveLength(2_500)
  expect(await issueTokens(deps, 0)).toEqual([])
})

test('demo accounts are made once, also concurrently, and can sign in', async () => {
  const [one, two] = await Promise.all([seedDemoUsers(fixture.deps), seedDemoUsers(fixture.deps)])
  expect(two).toEqual(one)
  expect(await seedDemoUsers(fixture.deps)).toEqual(one)
  expect(Object.keys(one.users)).toEqual([
    'organizer',
    'organizer2',
    'boxoffice',
    'door',
    'admin',
    'attendee',
    'attendee2',
  ])
  const roles: Record<string, unknown> = {}
  for (const [name, user_id] of Object.entries(one.users)) {
    const login = await fixture.call('POST', '/api/v1/auth/login', {
      body: { email: `${name}@demo.test`, password: 'tessera-demo' },
    })
    expect(login.status, name).toBe(200)
    expect(login.body.user.id).toBe(user_id)
    roles[name] = [
      ...login.body.user.roles,
      ...login.body.user.organizations.map((place) => `${place.role} of ${place.name}`),
    ]
  }
  expect(roles).toEqual({
    organizer: ['attendee', 'organizer of Lantern Hall Presents'],
    organizer2: ['attendee', 'organizer of Northside Live'],
    boxoffice: ['attendee', 'box_office of Lantern Hall Presents'],
    door: ['attendee', 'staff of Lantern Hall Presents'],
    admin: ['attendee', 'admin'],
    attendee: ['attendee'],
    attendee2: ['attendee'],
  })
  const { lantern_hall } = one.organizations
  expect(await rpc(fixture.deps).memberships({ user_id: one.users.door })).toEqual([
    { organization_id: lantern_hall, role: 'staff', event_ids: null },
  ])
})

test('a person is found by id, a guest without a name, an unknown id not at all', async () => {
  const clients = rpc(fixture.deps)
  const { user_id, email } = await fixture.newPerson({ first_name: 'Zoë' })
  expect(await clients.person({ user_id })).toEqual({
    user_id,
    guest: false,
    email,
    first_name: 'Zoë',
    last_name: 'Test',
  })
  const guest = (await fixture.call('POST', '/api/v1/auth/guest')).body.user.id
  expect(await clients.person({ user_id: guest })).toEqual({
    user_id: guest,
    guest: true,
    email: null,
    first_name: null,
    last_name: null,
  })
  expect(await clients.person({ user_id: 'usr_00000000000000000000000000' })).toBeNull()
})
