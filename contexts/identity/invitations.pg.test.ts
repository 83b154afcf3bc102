import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply, type SignedIn } from './fixture.ts'

let fixture: Fixture
let founder: SignedIn
let organization_id: string

beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
  founder = await fixture.newPerson()
  organization_id = await found(founder)
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function found(as: SignedIn): Promise<string> {
  const body = { name: 'Hall' }
  return (await fixture.call('POST', '/api/v1/organizations', { token: as.access_token, body })).body.id
}

const invite = (as: SignedIn, body: object, id = organization_id): Promise<Reply> =>
  fixture.call('POST', `/api/v1/organizations/${id}/invitations`, { token: as.access_token, body })
const accept = (as: SignedIn, token: string): Promise<Reply> =>
  fixture.call('POST', `/api/v1/invitations/${token}/accept`, { token: as.access_token, body: {} })
const remove = (as: SignedIn, user_id: string, id = organization_id): Promise<Reply> =>
  fixture.call('DELETE', `/api/v1/organizations/${id}/members/${user_id}`, { token: as.access_token })
const rolesOf = async (as: SignedIn): Promise<unknown[]> =>
  (await fixture.call('GET', '/api/v1/organizations', { token: as.access_token })).body.items.map(
    (item) => item['role'],
  )

async function tokenFor(person: SignedIn, changes: object = {}): Promise<string> {
  const reply = await invite(founder, { email: person.email, role: 'staff', ...changes })
  expect(reply.status).toBe(202)
  return String(reply.body['invitation_url']).split('/').at(-1) ?? ''
}

test('an invitation reveals nothing about the person, whether or not there is an account', async () => {
  const person = await fixture.newPerson({ first_name: 'Secret' })
  const known = await invite(founder, { email: person.email, role: 'staff' })
  const unknown = await invite(founder, { email: 'nobody@example.test', role: 'staff' })
  for (const { status, body } of [known, unknown]) {
    expect([status, Object.keys(body).sort()]).toEqual([202, ['expires_at', 'id', 'invitation_url']])
    expect(body['invitation_url']).toMatch(/^http:\/\/localhost:3000\/invitations\/[\w-]{43}$/)
  }
  expect(JSON.stringify(known.body)).not.toContain('Secret')
  expect(await rolesOf(person)).toEqual([])
})

test('the invited address accepts it, repeatably; another address gets 404', async () => {
  const [person, other] = [await fixture.newPerson(), await fixture.newPerson()]
  const token = await tokenFor(person, { role: 'box_office', event_ids: ['evt_01h455vb4pex5vsknk084sn02q'] })
  expect((await accept(other, token)).status).toBe(404)
  const right = { organization_id, role: 'box_office', event_ids: ['evt_01h455vb4pex5vsknk084sn02q'] }
  expect((await accept(person, token)).body).toEqual(right)
  expect((await accept(person, token)).body).toEqual(right)
  expect(await rolesOf(person)).toEqual(['box_office'])
  expect((await remove(founder, person.user_id)).status).toBe(204)
  // An accepted invitation grants the right only once.
  await accept(person, token)
  expect(await rolesOf(person)).toEqual([])
})

test('an unknown or expired invitation, or one accepted by a guest, grants nothing', async () => {
  const person = await fixture.newPerson()
  const token = await tokenFor(person)
  expect((await accept(person, 'x'.repeat(43))).status).toBe(404)
  await fixture.context.owner.query(
    "update identity.invitations set expires_at = now() - interval '1 s' where email = $1",
    [person.email],
  )
  expect((await accept(person, token)).status).toBe(404)
  const guest = (await fixture.call('POST', '/api/v1/auth/guest', { body: {} })).body
  const url = `/api/v1/invitations/${token}/accept`
  expect((await fixture.call('POST', url, { token: guest.access_token, body: {} })).status).toBe(403)
})

test('only organizers invite and remove, each in their own organization', async () => {
  const [person, stranger] = [await fixture.newPerson(), await fixture.newPerson()]
  const theirs = await found(stranger)
  await accept(person, await tokenFor(person))
  const body = { email: 'a@example.test', role: 'staff' }
  expect((await invite(person, body)).status).toBe(403)
  expect((await invite(stranger, body)).status).toBe(404)
  expect((await invite(founder, body, theirs)).status).toBe(404)
  expect((await invite(founder, { ...body, email: 'no address' })).status).toBe(422)
  expect((await remove(person, founder.user_id)).status).toBe(403)
  expect((await remove(stranger, person.user_id)).status).toBe(404)
  expect((await remove(founder, stranger.user_id)).status).toBe(404)
  expect((await remove(founder, 'nobody')).status).toBe(404)
  expect((await remove(founder, founder.user_id)).status).toBe(409)
  expect((await remove(founder, person.user_id)).status).toBe(204)
  expect(await rolesOf(person)).toEqual([])
})

test('a removed organizer cannot return by an invitation of their own', async () => {
  const [mole, second] = [await fixture.newPerson(), await fixture.newPerson()]
  await accept(mole, await tokenFor(mole, { role: 'organizer' }))
  const made = await invite(mole, { email: second.email, role: 'organizer' })
  const token = String(made.body['invitation_url']).split('/').at(-1) ?? ''
  const to_mole = await tokenFor(mole, { role: 'organizer' })
  expect((await remove(founder, mole.user_id)).status).toBe(204)
  expect((await accept(second, token)).status).toBe(404)
  expect((await accept(mole, to_mole)).status).toBe(404)
  expect([...(await rolesOf(second)), ...(await rolesOf(mole))]).toEqual([])
})

test('a demoted organizer’s invitations are deleted; those of a remaining organizer stay', async () => {
  const [former, invited, other] = [await fixture.newPerson(), await fixture.newPerson(), await fixture.newPerson()]
  await accept(former, await tokenFor(former, { role: 'organizer' }))
  const link = async (as: SignedIn, person: SignedIn): Promise<string> =>
    String((await invite(as, { email: person.email, role: 'staff' })).body['invitation_url'])
      .split('/')
      .at(-1) ?? ''
  const [gone, open] = [await link(former, invited), await link(founder, other)]
  const body = { email: former.email, role: 'staff' }
  await fixture.call('POST', `/api/v1/organizations/${organization_id}/members`, { token: founder.access_token, body })
  expect((await accept(invited, gone)).status).toBe(404)
  expect((await accept(other, open)).status).toBe(200)
})

test('accepting checks that the inviter still may invite, whatever the state of the invitation', async () => {
  const [inviter, invited] = [await fixture.newPerson(), await fixture.newPerson()]
  await accept(inviter, await tokenFor(inviter, { role: 'organizer' }))
  const made = await invite(inviter, { email: invited.email, role: 'staff' })
  await fixture.context.owner.query('delete from identity.memberships where user_id = $1', [inviter.user_id])
  expect((await accept(invited, String(made.body['invitation_url']).split('/').at(-1) ?? '')).status).toBe(404)
})

test('an invitation accepted while its inviter is removed either came first or leaves no right behind', async () => {
  for (let round = 0; round < 5; round++) {
    const [inviter, invited] = [await fixture.newPerson(), await fixture.newPerson()]
    await accept(inviter, await tokenFor(inviter, { role: 'organizer' }))
    const made = await invite(inviter, { email: invited.email, role: 'staff' })
    const token = String(made.body['invitation_url']).split('/').at(-1) ?? ''
    const [removed, accepted] = await Promise.all([remove(founder, inviter.user_id), accept(invited, token)])
    expect(removed.status).toBe(204)
    expect(await rolesOf(invited)).toEqual(accepted.status === 200 ? ['staff'] : [])
  }
})

test('a new invitation replaces the previous one; open ones are listed and withdrawn', async () => {
  const [person, stranger] = [await fixture.newPerson({ first_name: 'Secret' }), await fixture.newPerson()]
  const first = await tokenFor(person, { role: 'organizer' })
  const second = await tokenFor(person)
  expect((await accept(person, first)).status).toBe(404)
  const url = `/api/v1/organizations/${organization_id}/invitations`
  const list = await fixture.call('GET', `${url}?limit=100`, { token: founder.access_token })
  const [item, ...more] = list.body.items.filter((open) => open['email'] === person.email)
  expect(more).toEqual([])
  expect(item).toMatchObject({ role: 'staff', event_ids: null, invited_by: founder.user_id })
  expect(JSON.stringify(list.body)).not.toContain('Secret')
  await found(stranger)
  const withdraw = (as: SignedIn): Promise<Reply> =>
    fixture.call('DELETE', `${url}/${item?.id}`, { token: as.access_token })
  expect((await fixture.call('GET', url, { token: stranger.access_token })).status).toBe(404)
  expect((await withdraw(stranger)).status).toBe(404)
  expect((await withdraw(founder)).status).toBe(204)
  expect((await withdraw(founder)).status).toBe(404)
  expect((await accept(person, second)).status).toBe(404)
})

test('any member may leave a team, and a name is shown only after its owner has accepted', async () => {
  const [person, added] = [await fixture.newPerson({ first_name: 'Open' }), await fixture.newPerson()]
  await accept(person, await tokenFor(person))
  const url = `/api/v1/organizations/${organization_id}/members`
  const body = { email: added.email, role: 'staff' }
  expect((await fixture.call('POST', url, { token: founder.access_token, body })).status).toBe(201)
  const list = await fixture.call('GET', `${url}?limit=100`, { token: founder.access_token })
  const of = (one: SignedIn): unknown => list.body.items.find((item) => item.user_id === one.user_id)
  expect(of(person)).toMatchObject({ first_name: 'Open' })
  expect(of(added)).toMatchObject({ email: added.email, first_name: null, last_name: null, role: 'staff' })
  for (const one of [person, added]) {
    expect((await remove(one, founder.user_id)).status).toBe(403)
    expect((await remove(one, one.user_id)).status).toBe(204)
    expect((await remove(one, one.user_id)).status).toBe(404)
    expect(await rolesOf(one)).toEqual([])
  }
})

test('on a public origin adding invites, with one answer for known and unknown addresses', async () => {
  await using open = await openFixture({ rate_limits: false, direct_members: false })
  const [lead, person] = [await open.newPerson(), await open.newPerson({ first_name: 'Secret' })]
  const id = (await open.call('POST', '/api/v1/organizations', { token: lead.access_token, body: { name: 'Hall' } }))
    .body.id
  const url = `/api/v1/organizations/${id}/members`
  const add = (email: string, role: string): Promise<Reply> =>
    open.call('POST', url, { token: lead.access_token, body: { email, role } })
  const [known, unknown] = [await add(person.email, 'staff'), await add('nobody@example.test', 'staff')]
  for (const { status, body } of [known, unknown]) {
    expect([status, Object.keys(body).sort()]).toEqual([202, ['expires_at', 'id', 'invitation_url']])
  }
  const team = async (): Promise<unknown[]> =>
    (await open.call('GET', url, { token: lead.access_token })).body.items.map((item) => item['role'])
  expect(await team()).toEqual(['organizer'])
  const token = String(known.body['invitation_url']).split('/').at(-1)
  const path = `/api/v1/invitations/${token}/accept`
  expect((await open.call('POST', path, { token: person.access_token, body: {} })).status).toBe(200)
  // A member is known already: a right is changed at once.
  expect((await add(person.email, 'box_office')).status).toBe(200)
  expect((await team()).sort()).toEqual(['box_office', 'organizer'])
})

test('the last two organizers cannot remove each other at once', async () => {
  const second = await fixture.newPerson()
  await accept(second, await tokenFor(second, { role: 'organizer' }))
  const replies = await Promise.all([remove(founder, second.user_id), remove(second, founder.user_id)])
  expect(replies.map((reply) => reply.status).sort()).not.toEqual([204, 204])
  const [left] = await fixture.context.owner.query<{ count: number }>(
    "select count(*)::int as count from identity.memberships where organization_id = $1 and role = 'organizer'",
    [organization_id],
  )
  expect(left?.count).toBe(1)
})
