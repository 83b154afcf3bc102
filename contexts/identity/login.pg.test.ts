import { hash as hashBcrypt } from '@node-rs/bcrypt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, PASSWORD, type Reply } from './fixture.ts'
import { login } from './login.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ rate_limits: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

type Try = { email: string; password?: string; ip?: string; device_token?: string }
const signIn = ({ email, password = PASSWORD, ip = freshIp(), device_token }: Try): Promise<Reply> =>
  fixture.call('POST', '/api/v1/auth/login', { ip, body: { email, password, ...(device_token && { device_token }) } })

let addresses = 0
/** A source that no other test has used. */
function freshIp(): string {
  addresses++
  return `10.${Math.floor(addresses / 65_536)}.${Math.floor(addresses / 256) % 256}.${addresses % 256}`
}

test('the right password signs in; each log-in is a session of its own', async () => {
  const { email } = await fixture.newPerson()
  const [one, two] = [await signIn({ email: ` ${email.toUpperCase()} ` }), await signIn({ email })]
  expect([one.status, two.status]).toEqual([200, 200])
  expect(Object.keys(one.body).sort()).toEqual([
    'access_token',
    'device_token',
    'expires_in',
    'refresh_token',
    'token_type',
    'user',
  ])
  expect(one.body.refresh_token).not.toBe(two.body.refresh_token)
  const sessions = await fixture.call('GET', '/api/v1/users/me/sessions', { token: one.body.access_token })
  expect(sessions.body.items).toHaveLength(3)
})

test('a wrong password and an unknown address get the same answer', async () => {
  const { email } = await fixture.newPerson()
  const [wrong, unknown, nonsense] = [
    await signIn({ email, password: 'not the password' }),
    await signIn({ email: 'nobody@example.test' }),
    await signIn({ email: 'a\0\ud800' }),
  ]
  const told = ({ status, body }: Reply): unknown => [status, { ...body, request_id: '' }]
  expect(wrong.status).toBe(401)
  expect(wrong.body.type).toBe('/problems/wrong-credentials')
  expect(told(unknown)).toEqual(told(wrong))
  expect(told(nonsense)).toEqual(told(wrong))
})

test('an unknown address takes as long as a known one', async () => {
  const { email } = await fixture.newPerson()
  const timed = async (address: string): Promise<number> => {
    const started_ms = performance.now()
    await signIn({ email: address, password: 'not the password' })
    return performance.now() - started_ms
  }
  const known_ms: number[] = []
  const unknown_ms: number[] = []
  for (let round = 0; round < 15; round++) {
    known_ms.push(await timed(email))
    unknown_ms.push(await timed(`nobody${round}@example.test`))
  }
  const ratio = median(unknown_ms) / median(known_ms)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
})

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

test('after five failures the pair waits, whether or not the account exists', async () => {
  const { email } = await fixture.newPerson()
  for (const address of [email, 'nobody-at-all@example.test']) {
    const ip = freshIp()
    for (let failure = 0; failure < 5; failure++) {
      expect((await signIn({ email: address, password: 'not the password', ip })).status).toBe(401)
    }
    const refused = await signIn({ email: address, ip })
    expect(refused.status).toBe(429)
    expect(refused.body.type).toBe('/problems/too-many-attempts')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(890)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900)
  }
})

test('the wait grows with each further failure, ends by the clock, and a right password resets it', async () => {
  const { email } = await fixture.newPerson()
  const client = { ip: freshIp(), user_agent: null }
  const at = (second: number): string => new Date(Date.UTC(2030, 0, 1) + second * 1_000).toISOString()
  const attempt = (password: string, second: number) =>
    login(fixture.deps, { email, password, device_token: null, guest_id: null, client, as_of: at(second) })
  for (let failure = 0; failure < 5; failure++) expect((await attempt('wrong', 0)).kind).toBe('wrong-credentials')
  expect(await attempt(PASSWORD, 899)).toEqual({ kind: 'too-many-attempts', retry_after_s: 1 })
  expect((await attempt('wrong', 900)).kind).toBe('wrong-credentials')
  expect(await attempt(PASSWORD, 901)).toEqual({ kind: 'too-many-attempts', retry_after_s: 1_799 })
  expect((await attempt('wrong', 2_700)).kind).toBe('wrong-credentials')
  expect(await attempt(PASSWORD, 2_700)).toEqual({ kind: 'too-many-attempts', retry_after_s: 3_600 })
  expect((await attempt(PASSWORD, 6_300)).kind).toBe('signed-in')
  for (let failure = 0; failure < 4; failure++) expect((await attempt('wrong', 6_301)).kind).toBe('wrong-credentials')
  expect((await attempt(PASSWORD, 6_302)).kind).toBe('signed-in')
})

test('many sources cannot lock the owner out: a known device gets in, even from one of them', async () => {
  const victim = await fixture.newPerson()
  const sources = Array.from({ length: 12 }, freshIp)
  for (const ip of sources) {
    await Promise.all(Array.from({ length: 8 }, () => signIn({ email: victim.email, password: 'guess', ip })))
    expect((await signIn({ email: victim.email, password: 'guess', ip })).status).toBe(429)
  }
  const ip = sources[0] ?? ''
  expect((await signIn({ email: victim.email, ip })).status).toBe(429)
  const known = await signIn({ email: victim.email, ip, device_token: victim.device_token })
  expect(known.status).toBe(200)
  expect(known.body.device_token).toBe(victim.device_token)
  expect((await signIn({ email: victim.email })).status).toBe(200)
})

test('one /48 has sixteen times the guesses of a /64 at one account, not one quota per /64', async () => {
  const { email } = await fixture.newPerson()
  const guessFrom = (subnet: number): Promise<Reply[]> =>
    Promise.all(
      Array.from({ length: 5 }, () => signIn({ email, password: 'guess', ip: `2001:db8:1:${subnet.toString(16)}::1` })),
    )
  for (let subnet = 0; subnet < 16; subnet++)
    expect((await guessFrom(subnet)).map((reply) => reply.status)).toEqual([401, 401, 401, 401, 401])
  expect((await signIn({ email, ip: '2001:db8:1:ff::1' })).status).toBe(429)
  expect((await signIn({ email, ip: '2001:db8:2::1' })).status).toBe(200)
})

test('guesses from many networks are limited to one a minute, and a known device does not wait', async () => {
  const victim = await fixture.newPerson()
  const { email } = victim
  for (let source = 0; source < 20; source++) {
    const ip = freshIp()
    await Promise.all(Array.from({ length: 5 }, () => signIn({ email, password: 'guess', ip })))
  }
  const refused = await signIn({ email })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
  expect((await signIn({ email, device_token: victim.device_token })).status).toBe(200)
  expect((await signIn({ email: (await fixture.newPerson()).email })).status).toBe(200)
  const client = { ip: freshIp(), user_agent: null }
  const as_of = new Date(Date.now() + 61_000).toISOString()
  const patient = { email, password: PASSWORD, device_token: null, guest_id: null, client, as_of }
  expect((await login(fixture.deps, patient)).kind).toBe('signed-in')
})

test('a device token helps its own account only, and has five failures of its own', async () => {
  const [victim, stranger] = [await fixture.newPerson(), await fixture.newPerson()]
  const ip = freshIp()
  for (let failure = 0; failure < 5; failure++) await signIn({ email: victim.email, password: 'guess', ip })
  expect((await signIn({ email: victim.email, ip, device_token: stranger.device_token })).status).toBe(429)
  const device_token = victim.device_token
  for (let failure = 0; failure < 5; failure++) {
    expect((await signIn({ email: victim.email, password: 'guess', ip, device_token })).status).toBe(401)
  }
  expect((await signIn({ email: victim.email, ip, device_token })).status).toBe(429)
})

test('a source that fails at a hundred accounts waits for all of them, a known device does not', async () => {
  const victim = await fixture.newPerson()
  const ip = freshIp()
  for (let round = 0; round < 10; round++) {
    const batch = Array.from({ length: 10 }, (_, place) =>
      signIn({ email: `spray-${round}-${place}@example.test`, ip }),
    )
    expect((await Promise.all(batch)).every((reply) => reply.status === 401)).toBe(true)
  }
  const refused = await signIn({ email: victim.email, ip })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800)
  expect((await signIn({ email: victim.email, ip, device_token: victim.device_token })).status).toBe(200)
  expect((await signIn({ email: victim.email })).status).toBe(200)
})

test('of many concurrent guesses at most five are answered, even if a later one is right', async () => {
  const { email } = await fixture.newPerson()
  const ip = freshIp()
  const guesses = [...Array.from({ length: 30 }, () => 'guess'), PASSWORD]
  const replies = await Promise.all(guesses.map((password) => signIn({ email, password, ip })))
  expect(replies.filter((reply) => reply.status === 401)).toHaveLength(5)
  expect(replies.at(-1)?.status).toBe(429)
})

test('many concurrent log-ins with the right password all succeed', async () => {
  const { email } = await fixture.newPerson()
  const ip = freshIp()
  const replies = await Promise.all(Array.from({ length: 24 }, () => signIn({ email, ip })))
  expect(replies.every((reply) => reply.status === 200)).toBe(true)
})

test('an imported bcrypt hash opens the account and becomes argon2id', async () => {
  const { email, user_id } = await fixture.newPerson()
  await fixture.context.owner.query('update identity.credentials set password_hash = $2 where user_id = $1', [
    user_id,
    await hashBcrypt('imported password', 4),
  ])
  expect((await signIn({ email })).status).toBe(401)
  expect((await signIn({ email, password: 'imported password' })).status).toBe(200)
  const rows = await fixture.context.owner.query<{ password_hash: string }>(
    'select password_hash from identity.credentials where user_id = $1',
    [user_id],
  )
  expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/)
  expect((await signIn({ email, password: 'imported password' })).status).toBe(200)
})

test('an account without a password cannot be signed in to', async () => {
  const { email, user_id } = await fixture.newPerson()
  await fixture.context.owner.query('delete from identity.credentials where user_id = $1', [user_id])
  expect((await signIn({ email })).status).toBe(401)
})

test('a log-in beyond the queue of password checks gets 503', async () => {
  const { email } = await fixture.newPerson()
  const busy = { hash: async () => null, verify: async () => 'saturated' as const }
  const client = { ip: freshIp(), user_agent: null }
  expect(
    await login(
      { db: fixture.deps.db, passwords: busy },
      { email, password: PASSWORD, device_token: null, guest_id: null, client },
    ),
  ).toEqual({ kind: 'unavailable' })
})
