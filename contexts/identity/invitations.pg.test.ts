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
  const body = { name: 'House' }
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

test('an invitation says nothing about the person, whether there is an account or not', async () => {
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

test('whoever it was meant for accepts it, once and again; another address finds nothing', async () => {
  const [person, other] = [await fixture.newPerson(), await fixture.newPerson()]
  const token = await tokenFor(person, { role: 'box_office', event_ids: ['evt_01h455vb4pex5vsknk084sn02q'] })
  expect((await accept(other, token)).status).toBe(404)
  const right = { organization_id, role: 'box_office', event_ids: ['evt_01h455vb4pex5vsknk084sn02q'] }
  expect((await accept(person, token)).body).toEqual(right)
  expect((await accept(person, token)).body).toEqual(right)
  expect(await rolesOf(person)).toEqual(['box_office'])
  expect((await remove(founder, person.user_id)).status).toBe(204)
  // An accepted invitation is no second key to the team.
  await accept(person, token)
  expect(await rolesOf(person)).toEqual([])
})

test('an invitation that was never made, has expired or is asked for by a guest gives nothing', async () => {
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
