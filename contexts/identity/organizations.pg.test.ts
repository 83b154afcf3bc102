import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply, type SignedIn } from './fixture.ts'
import { makeAdmin } from './make-admin.ts'
import { createMemberships } from './memberships.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
let founder: SignedIn
let organization_id: string
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
  founder = await fixture.newPerson()
  organization_id = (await found(founder, 'Lantern Hall')).body.id
})
afterAll(() => fixture[Symbol.asyncDispose]())

const found = (person: SignedIn, name: string, headers: Record<string, string> = {}): Promise<Reply> =>
  fixture.call('POST', '/api/v1/organizations', { token: person.access_token, headers, body: { name } })
const add = (as: SignedIn, body: object, id = organization_id): Promise<Reply> =>
  fixture.call('POST', `/api/v1/organizations/${id}/members`, { token: as.access_token, body })
const members = (as: SignedIn, id = organization_id, query = ''): Promise<Reply> =>
  fixture.call('GET', `/api/v1/organizations/${id}/members${query}`, { token: as.access_token })

test('the founder of an organization is its organizer, at once', async () => {
  const person = await fixture.newPerson()
  expect((await members(person)).status).toBe(403)
  const reply = await found(person, '  Northside Live ')
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({ name: 'Northside Live', role: 'organizer', event_ids: null })
  expect((await members(person, reply.body.id)).body.items).toMatchObject([
    { user_id: person.user_id, role: 'organizer' },
  ])
  const mine = await fixture.call('GET', '/api/v1/organizations', { token: person.access_token })
  expect(mine.body).toEqual({ items: [reply.body], next_cursor: null })
  const me = await fixture.call('GET', '/api/v1/users/me', { token: person.access_token })
  expect(me.body.organizations).toEqual([
    { id: reply.body.id, name: 'Northside Live', role: 'organizer', event_ids: null },
  ])
  const events = await fixture.context.published('identity.member_added')
  expect(events.map((event) => event.payload)).toContainEqual({
    organization_id: reply.body.id,
    user_id: person.user_id,
    role: 'organizer',
    event_ids: null,
  })
  expect(await rpc(fixture.deps).organization({ organization_id: reply.body.id })).toEqual({
    organization_id: reply.body.id,
    name: 'Northside Live',
    approved: true,
  })
})

test('a repeated key founds one organization', async () => {
  const person = await fixture.newPerson()
  const headers = { 'idempotency-key': '"founding"' }
  const replies = await Promise.all(Array.from({ length: 8 }, () => found(person, 'Once', headers)))
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(replies.every((reply) => reply.status === 201)).toBe(true)
  expect((await found(person, 'Twice', headers)).body.type).toBe('/problems/idempotency-mismatch')
  const refused = { 'idempotency-key': 'refused' }
  expect((await found(person, ' ', refused)).status).toBe(422)
  expect((await found(person, 'Meant', refused)).status).toBe(201)
  expect((await fixture.call('GET', '/api/v1/organizations', { token: person.access_token })).body.items).toHaveLength(
    2,
  )
})

test.each([
  ['', 400],
  [' ', 422],
  ['a\0b', 422],
  ['\u202eTheatre', 422],
  ['\u2060', 422],
  ['x'.repeat(201), 400],
])('%j is no name: %i', async (name, status) => {
  expect((await found(founder, name)).status).toBe(status)
})

test('one person can create at most fifty, also concurrently', async () => {
  const person = await fixture.newPerson()
  const replies = await Promise.all(Array.from({ length: 60 }, (_, place) => found(person, `Number ${place}`)))
  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(50)
  expect(replies.filter((reply) => reply.body.type === '/problems/limit-exceeded')).toHaveLength(10)
})

test('a member is added by address, changed by adding again, and effective at once', async () => {
  const [staff, event_id] = [await fixture.newPerson(), newId('evt')]
  const clients = rpc(fixture.deps)
  expect(await clients.memberships({ user_id: staff.user_id })).toEqual([])
  const added = await add(founder, { email: staff.email.toUpperCase(), role: 'staff', event_ids: [event_id, event_id] })
  expect(added.status).toBe(201)
  expect(added.body).toMatchObject({ user_id: staff.user_id, role: 'staff', event_ids: [event_id] })
  expect(await clients.memberships({ user_id: staff.user_id })).toEqual([
    { organization_id, role: 'staff', event_ids: [event_id] },
  ])
  const changed = await add(founder, { email: staff.email, role: 'box_office' })
  expect(changed.status).toBe(200)
  expect(await clients.memberships({ user_id: staff.user_id })).toEqual([
    { organization_id, role: 'box_office', event_ids: null },
  ])
  expect((await members(founder)).body.items.map((item) => item.user_id)).toContain(staff.user_id)
})

test('an address without an account is refused with a sentence', async () => {
  for (const email of ['nobody@example.test', 'not an address']) {
    const reply = await add(founder, { email, role: 'staff' })
    expect(reply.status).toBe(422)
    expect(reply.body.detail).toMatch(/register/)
    expect(reply.body.errors).toEqual([{ pointer: '/email', detail: 'has no account yet' }])
  }
})

test.each([
  { email: 'a@example.test' },
  { email: 'a@example.test', role: 'admin' },
  { email: 'a@example.test', role: 'attendee' },
  { email: 'a@example.test', role: 'staff', event_ids: [] },
  { email: 'a@example.test', role: 'staff', event_ids: ['evt_1'] },
  { email: 'a@example.test', role: 'staff', organization_id: 'org_1' },
])('%j is malformed', async (body) => {
  expect((await add(founder, body)).status).toBe(400)
})

test('403 without the role, 404 for another tenant, the same as for none', async () => {
  const [attendee, staff, stranger] = [await fixture.newPerson(), await fixture.newPerson(), await fixture.newPerson()]
  await add(founder, { email: staff.email, role: 'staff' })
  const theirs = (await found(stranger, 'Elsewhere')).body.id
  const body = { email: staff.email, role: 'organizer' }
  for (const person of [attendee, staff]) {
    expect((await members(person)).status).toBe(403)
    expect((await add(person, body)).status).toBe(403)
  }
  const told = ({ status, body: problem }: Reply): unknown => [status, { ...problem, request_id: '', instance: '' }]
  const absent = 'org_00000000000000000000000000'
  for (const ask of [(id: string) => members(stranger, id), (id: string) => add(stranger, body, id)]) {
    expect((await ask(organization_id)).status).toBe(404)
    expect(told(await ask(organization_id))).toEqual(told(await ask(absent)))
    expect(told(await ask('%00'))).toEqual(told(await ask(absent)))
  }
  expect((await members(founder, theirs)).status).toBe(404)
  expect((await fixture.call('GET', `/api/v1/organizations/${organization_id}/members`)).status).toBe(401)
})

test('an organizer for some events only does not lead the team', async () => {
  const partial = await fixture.newPerson()
  await add(founder, { email: partial.email, role: 'organizer', event_ids: [newId('evt')] })
  expect((await members(partial)).status).toBe(404)
})

test('an admin may manage every team, but gets 404 for an unknown one', async () => {
  const admin = await fixture.newPerson()
  expect((await members(admin)).status).toBe(403)
  expect((await makeAdmin(fixture.deps.db, ` ${admin.email.toUpperCase()}`)).kind).toBe('made-admin')
  expect(await makeAdmin(fixture.deps.db, 'nobody@example.test')).toEqual({ kind: 'no-account' })
  const login = await fixture.call('POST', '/api/v1/auth/login', {
    body: { email: admin.email, password: admin.password },
  })
  expect(login.body.user.roles).toEqual(['attendee', 'admin'])
  const as = { ...admin, access_token: login.body.access_token }
  expect((await members(as)).status).toBe(200)
  const renewed = await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: admin.refresh_token } })
  expect(renewed.body.user.roles).toContain('admin')
  for (const id of ['org_00000000000000000000000000', '%00']) {
    expect((await members(as, id)).status).toBe(404)
    expect((await add(as, { email: admin.email, role: 'staff' }, id)).status).toBe(404)
  }
})

test('the last organizer stays, also when two step down at once', async () => {
  const [one, two] = [await fixture.newPerson(), await fixture.newPerson()]
  const id = (await found(one, 'Two heads')).body.id
  expect((await add(one, { email: one.email, role: 'staff' }, id)).status).toBe(409)
  await add(one, { email: two.email, role: 'organizer' }, id)
  const replies = await Promise.all([one, two].map((person) => add(person, { email: person.email, role: 'staff' }, id)))
  expect(replies.filter((reply) => reply.status === 200)).toHaveLength(1)
  const led = await fixture.context.owner.query(
    `select 1 from identity.memberships where organization_id = $1 and role = 'organizer'`,
    [id],
  )
  expect(led).toHaveLength(1)
})

test('members are paged', async () => {
  const first = await members(founder, organization_id, '?limit=1')
  expect(first.body.items).toHaveLength(1)
  const second = await members(founder, organization_id, `?limit=1&cursor=${first.body.next_cursor}`)
  expect(second.body.items[0]?.user_id).not.toBe(first.body.items[0]?.user_id)
  expect((await members(founder, organization_id, '?cursor=nonsense')).status).toBe(400)
  expect((await members(founder, organization_id, '?limit=0')).status).toBe(400)
})

test('memberships are cached for two seconds, and a grant that races a read is not hidden by it', async () => {
  let now_ms = 0
  const person = await fixture.newPerson()
  const known = createMemberships(fixture.deps.db, () => now_ms)
  expect(await known.of(person.user_id)).toEqual([])
  await add(founder, { email: person.email, role: 'staff' })
  expect(await known.of(person.user_id)).toHaveLength(1)
  await fixture.context.owner.query('delete from identity.memberships where user_id = $1', [person.user_id])
  expect(await known.of(person.user_id)).toHaveLength(1)
  now_ms = 2_000
  expect(await known.of(person.user_id)).toEqual([])

  const early = known.of(founder.user_id)
  known.forget(founder.user_id)
  const late = known.of(founder.user_id)
  expect(late).not.toBe(early)
  await early
  expect(await known.of(founder.user_id)).toBe(await late)
})
