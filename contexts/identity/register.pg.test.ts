import { readFileSync } from 'node:fs'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, PASSWORD, type Reply } from './fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const register = (body: object): Promise<Reply> => fixture.call('POST', '/api/v1/auth/register', { body })
const person = (): { email: string; password: string; first_name: string; last_name: string } => ({
  email: `p${crypto.randomUUID()}@example.test`,
  password: PASSWORD,
  first_name: 'Ida',
  last_name: 'Test',
})

test('registering signs in, with the address normalised', async () => {
  const reply = await register({
    ...person(),
    email: ' Mara@Example.TEST ',
    first_name: ' Mara ',
    last_name: 'Lindqvist',
  })
  expect(reply.status).toBe(201)
  expect(reply.headers['cache-control']).toBe('no-store')
  expect(reply.body).toMatchObject({
    user: {
      email: 'mara@example.test',
      first_name: 'Mara',
      last_name: 'Lindqvist',
      guest: false,
      roles: ['attendee'],
      organizations: [],
    },
    token_type: 'Bearer',
    expires_in: 900,
  })
  const me = await fixture.call('GET', '/api/v1/users/me', { token: reply.body.access_token })
  expect(me.body).toEqual(reply.body.user)
  const events = await fixture.context.published('identity.user_registered')
  expect(events.map((event) => event.payload)).toContainEqual({ user_id: me.body.id, guest: false })
})

test('no secret is stored as it was issued', async () => {
  const { access_token, refresh_token, device_token } = await fixture.newPerson()
  const dump = await fixture.context.owner.query<{ row: string }>(
    `select row_to_json(t)::text as row from identity.refresh_tokens t union all select row_to_json(t)::text from identity.sessions t
     union all select row_to_json(t)::text from identity.known_devices t union all select row_to_json(t)::text from identity.credentials t
     union all select row_to_json(t)::text from identity.outbox t union all select row_to_json(t)::text from identity.signing_keys t`,
  )
  const text = dump.map((line) => line.row).join('\n')
  expect(text).toContain('argon2id')
  for (const secret of [access_token, refresh_token, device_token, PASSWORD]) expect(text).not.toContain(secret)
})

test('an address has one account in every spelling', async () => {
  const one = person()
  expect((await register(one)).status).toBe(201)
  const again = await register({ ...one, email: ` ${one.email.toUpperCase()}` })
  expect(again.status).toBe(409)
  expect(again.body.type).toBe('/problems/email-taken')
})

test('every error of a form is reported', async () => {
  const { last_name: _, ...one_name } = person()
  expect(await register(one_name)).toMatchObject({ status: 201, body: { user: { first_name: 'Ida', last_name: '' } } })
  const reply = await register({ email: 'nobody', password: 'short', first_name: ' ', last_name: 'a\0b' })
  expect(reply.status).toBe(422)
  const pointers = reply.body.errors.map((error) => error.pointer)
  expect(pointers).toEqual(['/email', '/password', '/first_name', '/last_name'])
})

test.each([
  ['a missing field', { password: undefined }],
  ['another type', { email: 7 }],
  ['a password beyond 256 signs', { password: 'x'.repeat(257) }],
  ['a role', { role: 'admin' }],
  ['an id', { id: 'usr_00000000000000000000000000' }],
])('%s is malformed', async (_name, change) => {
  expect((await register({ ...person(), ...change })).status).toBe(400)
})

test('passwords up to 256 characters are compared whole', async () => {
  const body = { ...person(), password: 'ß'.repeat(256) }
  expect((await register(body)).status).toBe(201)
  const login = (password: string): Promise<Reply> =>
    fixture.call('POST', '/api/v1/auth/login', { body: { email: body.email, password } })
  expect((await login(`${'ß'.repeat(255)}s`)).status).toBe(401)
  expect((await login(body.password)).status).toBe(200)
})

const NAMES = referenceData('names/')

test.runIf(hasReferenceData('names/'))(
  'names of the world and of mischief go in and come out, or are refused with a sentence',
  async () => {
    const naughty = JSON.parse(readFileSync(new URL('blns-subset.json', NAMES), 'utf8')) as { strings: string[] }
    const locales = JSON.parse(readFileSync(new URL('faker-locales.json', NAMES), 'utf8')) as {
      locales: Record<string, { first: string[]; last: string[] }>
    }
    const names = [
      ...naughty.strings,
      ...Object.values(locales.locales).flatMap(({ first, last }) => [first[0] ?? '', last.at(-1) ?? '']),
    ]
    expect(names.length).toBeGreaterThan(100)
    const me = await fixture.newPerson()
    for (const name of names) {
      const reply = await fixture.call('PATCH', '/api/v1/users/me', {
        token: me.access_token,
        body: { last_name: name },
      })
      expect([200, 422], name).toContain(reply.status)
      if (reply.status === 200) expect(reply.body.last_name).toBe(name.trim().normalize('NFC'))
    }
  },
)

test.each([
  'RTL עברית',
  'e\u0301\u0323 marks',
  '👩‍👩‍👧‍👦',
  'x'.repeat(1_000),
  "Robert'); drop table users;--",
  '=cmd()',
])('%s is a name', async (first_name) => {
  const reply = await register({ ...person(), first_name })
  expect(reply.status).toBe(201)
  expect(reply.body.user.first_name).toBe(first_name.normalize('NFC'))
})

test('a source that makes too many accounts has to wait, unless limits are off', async () => {
  const ip = '203.0.113.77'
  await fixture.context.owner.query(
    `insert into identity.source_quotas values ($1, 'register', date_bin('10 minutes', now(), 'epoch'), 600), ($1, 'guest', date_bin('10 minutes', now(), 'epoch'), 3000)`,
    [ip],
  )
  const full = await fixture.call('POST', '/api/v1/auth/register', { ip, body: person() })
  expect(full.status).toBe(429)
  expect(Number(full.headers['retry-after'])).toBeGreaterThan(0)
  expect((await fixture.call('POST', '/api/v1/auth/guest', { ip, body: {} })).status).toBe(429)
  expect((await fixture.call('POST', '/api/v1/auth/register', { ip: '192.0.2.78', body: person() })).status).toBe(201)
})

test('a guest is an account without a name', async () => {
  for (const request of [{ body: {} }, {}]) {
    const reply = await fixture.call('POST', '/api/v1/auth/guest', request)
    expect(reply.status).toBe(201)
    expect(reply.body.user).toMatchObject({
      guest: true,
      email: null,
      first_name: null,
      roles: ['guest'],
      organizations: [],
    })
    const token = reply.body.access_token
    expect((await fixture.call('GET', '/api/v1/users/me', { token })).status).toBe(200)
    expect((await fixture.call('PATCH', '/api/v1/users/me', { token, body: { first_name: 'x' } })).status).toBe(403)
    expect((await fixture.call('POST', '/api/v1/organizations', { token, body: { name: 'x' } })).status).toBe(403)
    expect(
      (await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: reply.body.refresh_token } }))
        .status,
    ).toBe(200)
  }
})

test('a list of addresses cannot be probed: few answers “taken” use up a source’s quota', async () => {
  const known = person()
  const from = (ip: string, body: object): Promise<Reply> => fixture.call('POST', '/api/v1/auth/register', { body, ip })
  expect((await from('192.0.2.77', known)).status).toBe(201)
  const statuses: number[] = []
  for (let i = 0; i < 34; i++) statuses.push((await from('192.0.2.90', known)).status)
  expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 409))
  expect(statuses.slice(30)).toEqual([429, 429, 429, 429])
  // Neither a new address nor a taken one is answered any more; other sources are not affected.
  expect((await from('192.0.2.90', person())).status).toBe(429)
  expect((await from('192.0.2.79', person())).status).toBe(201)
})
