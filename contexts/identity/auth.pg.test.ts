import { afterAll, beforeAll, expect, test } from 'vitest'
import { type IdentityDoor, openDoor, PASSWORD } from './door.fixture.ts'

let door: IdentityDoor
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door[Symbol.asyncDispose]())

test('registering signs in', async () => {
  const reply = await door.call('POST', '/api/v1/auth/register', {
    body: { email: ' Mara@Example.TEST ', password: PASSWORD, first_name: ' Mara ', last_name: 'Lindqvist' },
  })
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({
    user: { email: 'mara@example.test', first_name: 'Mara', last_name: 'Lindqvist', guest: false, roles: ['attendee'], organizations: [] },
    token_type: 'Bearer',
    expires_in: 900,
  })
  const me = await door.call('GET', '/api/v1/users/me', { token: reply.body.access_token })
  expect(me.status).toBe(200)
  console.log(JSON.stringify(reply.body), me.headers)
})
