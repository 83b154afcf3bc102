import { newId } from '@tessera/contracts/ids'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply, type SignedIn } from './fixture.ts'
import { makeAdmin } from './make-admin.ts'
import { rpc } from './rpc.ts'

let fixture: Fixture
let founder: SignedIn
let admin: SignedIn
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false, organizations_wait: true })
  founder = await fixture.newPerson()
  admin = await fixture.newPerson()
  await makeAdmin(fixture.context.db, admin.email)
  const login = await fixture.call('POST', '/api/v1/auth/login', {
    body: { email: admin.email, password: admin.password },
  })
  admin = { ...admin, access_token: login.body.access_token }
})
afterAll(() => fixture[Symbol.asyncDispose]())

const ask = (as: SignedIn, method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> =>
  fixture.call(method, `/api/v1${path}`, { token: as.access_token, ...(body === undefined ? {} : { body }) })

test('a new organization waits until an admin approves it; its founder cannot', async () => {
  const founded = await ask(founder, 'POST', '/organizations', { name: 'Lantern Hall' })
  const organization_id: string = founded.body.id
  expect(founded).toMatchObject({ status: 201, body: { approved: false } })
  expect((await rpc(fixture.deps).organization({ organization_id }))?.approved).toBe(false)
  const path = `/admin/organizations/${organization_id}/approve`
  expect((await ask(founder, 'POST', path)).status).toBe(403)
  expect((await ask(founder, 'GET', '/admin/organizations')).status).toBe(403)
  const pending = await ask(admin, 'GET', '/admin/organizations?state=pending')
  expect(pending.body.items).toMatchObject([
    {
      id: organization_id,
      name: 'Lantern Hall',
      created_by: founder.user_id,
      created_by_email: founder.email,
      approved_at: null,
    },
  ])
  const approved = await ask(admin, 'POST', path)
  expect(approved.status).toBe(200)
  expect((await ask(admin, 'POST', path)).body).toEqual(approved.body)
  expect((await ask(admin, 'GET', '/admin/organizations?state=pending')).body.items).toEqual([])
  expect((await ask(admin, 'GET', '/admin/organizations?state=approved')).body.items).toEqual([approved.body])
  expect((await ask(founder, 'GET', '/organizations')).body.items).toMatchObject([
    { id: organization_id, approved: true },
  ])
  expect((await rpc(fixture.deps).organization({ organization_id }))?.approved).toBe(true)
})

test('an unknown organization cannot be approved, and an unknown state is refused', async () => {
  expect((await ask(admin, 'POST', `/admin/organizations/${newId('org')}/approve`)).status).toBe(404)
  expect((await ask(admin, 'POST', '/admin/organizations/org_x/approve')).status).toBe(404)
  expect((await ask(admin, 'GET', '/admin/organizations?state=closed')).status).toBe(400)
})
