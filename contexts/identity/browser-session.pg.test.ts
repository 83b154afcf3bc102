import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, type Reply } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const COOKIE_MODE = { 'x-session': 'cookie' }

/** The `Cookie` header of a browser with these cookies. */
function jar(reply: Reply, ...names: string[]): string {
  return reply.cookies
    .filter((cookie) => names.length === 0 || names.includes(cookie.name))
    .map((cookie) => `${cookie.name}=${cookie.value}`)
    .join('; ')
}

async function signIn(): Promise<Reply> {
  const { email, password } = await fixture.newPerson()
  return fixture.call('POST', '/api/v1/auth/login', { headers: COOKIE_MODE, body: { email, password } })
}

test('a browser session has its tokens in HttpOnly cookies, and none in the body', async () => {
  const reply = await signIn()
  expect(reply.status).toBe(200)
  expect(reply.body.csrf_token).toMatch(/^[\w-]{43}$/)
  expect(reply.body).not.toHaveProperty('access_token')
  expect(reply.body).not.toHaveProperty('refresh_token')
  expect(reply.cookies.map(({ name, flags }) => [name, flags])).toEqual([
    ['tessera_access', 'Max-Age=900; Path=/; HttpOnly; SameSite=Lax'],
    ['tessera_refresh', 'Max-Age=604800; Path=/api/v1/auth; HttpOnly; SameSite=Lax'],
    ['tessera_device', 'Max-Age=15552000; Path=/api/v1/auth; HttpOnly; SameSite=Lax'],
  ])
})

test('guests and new accounts get browser sessions too', async () => {
  const guest = await fixture.call('POST', '/api/v1/auth/guest', { headers: COOKIE_MODE, body: {} })
  expect(guest.cookies.map((cookie) => cookie.name)).toEqual(['tessera_access', 'tessera_refresh'])
  const me = await fixture.call('GET', '/api/v1/users/me', { headers: { cookie: jar(guest) } })
  expect(me.body).toMatchObject({ guest: true, csrf_token: guest.body.csrf_token })
})

test('behind https the cookies travel over https only, and none that a sibling domain could set is read', async () => {
  await using secure = await openFixture({ public_origin: 'https://tickets.example.test' })
  const reply = await secure.call('POST', '/api/v1/auth/guest', { headers: COOKIE_MODE, body: {} })
  expect(reply.cookies.every(({ flags }) => flags.includes('; Path=/; HttpOnly; Secure;'))).toBe(true)
  const [access, refresh] = ['__Host-tessera_access', '__Host-tessera_refresh']
  expect(reply.cookies.map(({ name }) => name)).toEqual([access, refresh])
  const me = (cookie: string): Promise<Reply> => secure.call('GET', '/api/v1/users/me', { headers: { cookie } })
  const renew = (cookie: string): Promise<Reply> =>
    secure.call('POST', '/api/v1/auth/refresh', { headers: { cookie, ...COOKIE_MODE }, body: {} })
  // What a sibling can set, with its own session in it: other names, which come before ours in the header.
  const planted = (cookie: string): string[] => ['', '__Secure-'].map((prefix) => cookie.replace('__Host-', prefix))
  for (const cookie of planted(jar(reply, access))) expect((await me(cookie)).status).toBe(401)
  for (const cookie of planted(jar(reply, refresh))) expect((await renew(cookie)).status).toBe(401)
  expect((await me(jar(reply, access))).status).toBe(200)
  expect((await renew(jar(reply, refresh))).status).toBe(200)
})

test('a write by cookie needs the CSRF token of the same session; a bearer does not', async () => {
  const [mine, theirs] = [await signIn(), await signIn()]
  const rename = (headers: Record<string, string>): Promise<Reply> =>
    fixture.call('PATCH', '/api/v1/users/me', {
      headers: { cookie: jar(mine), ...headers },
      body: { first_name: 'Renamed' },
    })
  expect((await rename({})).body.type).toBe('/problems/csrf-token-missing')
  expect((await rename({ 'x-csrf-token': theirs.body.csrf_token })).status).toBe(403)
  expect((await rename({ 'x-csrf-token': mine.body.csrf_token })).status).toBe(200)
})

test('a reloaded page gets its CSRF token from its profile, a bearer does not', async () => {
  const reply = await signIn()
  expect((await fixture.call('GET', '/api/v1/users/me', { headers: { cookie: jar(reply) } })).body.csrf_token).toBe(
    reply.body.csrf_token,
  )
  const { access_token } = await fixture.newPerson()
  expect((await fixture.call('GET', '/api/v1/users/me', { token: access_token })).body).not.toHaveProperty('csrf_token')
})

test('the session is refreshed by its cookie, but only by its own script', async () => {
  const reply = await signIn()
  const cookie = jar(reply, 'tessera_refresh')
  expect((await fixture.call('POST', '/api/v1/auth/refresh', { headers: { cookie }, body: {} })).status).toBe(400)
  const renewed = await fixture.call('POST', '/api/v1/auth/refresh', { headers: { cookie, ...COOKIE_MODE }, body: {} })
  expect(renewed.status).toBe(200)
  expect(renewed.body.csrf_token).toBe(reply.body.csrf_token)
  expect(renewed.cookies.map((one) => one.name)).toEqual(['tessera_access', 'tessera_refresh'])
  expect(jar(renewed, 'tessera_refresh')).not.toBe(cookie)
  expect((await fixture.call('GET', '/api/v1/users/me', { headers: { cookie: jar(renewed) } })).status).toBe(200)
  expect((await fixture.call('POST', '/api/v1/auth/refresh', { headers: COOKIE_MODE })).status).toBe(401)
})

test('logging out clears the cookies and ends the session; another site cannot do it', async () => {
  const reply = await signIn()
  const forged = await fixture.call('POST', '/api/v1/auth/logout', { headers: { cookie: jar(reply) }, body: {} })
  expect(forged.status).toBe(403)
  const left = await fixture.call('POST', '/api/v1/auth/logout', {
    headers: { cookie: jar(reply), ...COOKIE_MODE },
    body: {},
  })
  expect(left.status).toBe(204)
  expect(left.cookies.map(({ name, value, flags }) => [name, value, flags.includes('Max-Age=0')])).toEqual([
    ['tessera_access', '', true],
    ['tessera_refresh', '', true],
  ])
  expect((await fixture.call('GET', '/api/v1/users/me', { headers: { cookie: jar(reply) } })).status).toBe(401)
  expect(
    (await fixture.call('POST', '/api/v1/auth/refresh', { headers: { cookie: jar(reply), ...COOKIE_MODE } })).status,
  ).toBe(401)
})

test('an expired access cookie does not prevent logging out', async () => {
  const reply = await signIn()
  const cookie = `tessera_access=expired; ${jar(reply, 'tessera_refresh')}`
  expect((await fixture.call('POST', '/api/v1/auth/logout', { headers: { cookie, ...COOKIE_MODE } })).status).toBe(204)
  expect((await fixture.call('GET', '/api/v1/users/me', { headers: { cookie: jar(reply) } })).status).toBe(401)
})

test('the device cookie makes a device known', async () => {
  const { email, password } = await fixture.newPerson()
  const first = await fixture.call('POST', '/api/v1/auth/login', { headers: COOKIE_MODE, body: { email, password } })
  for (let failure = 0; failure < 5; failure++) {
    await fixture.call('POST', '/api/v1/auth/login', { body: { email, password: 'guess' } })
  }
  expect((await fixture.call('POST', '/api/v1/auth/login', { body: { email, password } })).status).toBe(429)
  const cookie = jar(first, 'tessera_device')
  expect(
    (await fixture.call('POST', '/api/v1/auth/login', { headers: { cookie }, body: { email, password } })).status,
  ).toBe(200)
})
