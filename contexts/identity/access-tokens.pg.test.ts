import { createPublicKey } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecrets } from '#platform/auth'
import { type Fixture, openFixture, type SignedIn } from './fixture.ts'
import { currentKey, publicKeys, rotateKeys, type SigningKey } from './signing-keys.ts'

let fixture: Fixture
let person: SignedIn
let key: SigningKey
beforeAll(async () => {
  fixture = await openFixture()
  person = await fixture.newPerson()
  key = await currentKey(fixture.deps)
})
afterAll(() => fixture[Symbol.asyncDispose]())

const now_s = (): number => Math.floor(Date.now() / 1_000)
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const statusWith = async (token: string): Promise<number> =>
  (await fixture.call('GET', '/api/v1/users/me', { token })).status

function claims(changes: JWTPayload = {}): JWTPayload {
  const good = {
    iss: 'http://localhost',
    aud: 'tessera',
    sub: person.user_id,
    sid: 'ses_x',
    roles: ['attendee', 'admin'],
  }
  return { ...good, iat: now_s(), exp: now_s() + 900, jti: crypto.randomUUID(), ...changes }
}

function signed(changes: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  return new SignJWT(claims(changes))
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(key.key)
}

async function publicPem(): Promise<string> {
  const [jwk] = await publicKeys(fixture.deps)
  return createPublicKey({ key: { ...jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

async function unsignedAs(alg: string): Promise<string> {
  return `${base64({ alg, typ: 'at+jwt', kid: key.kid })}.${base64(claims())}.`
}

async function confused(): Promise<string> {
  return new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })
    .sign(Buffer.from(await publicPem()))
}

async function foreign(header: Record<string, unknown> = {}): Promise<string> {
  const own = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(own.publicKey)
  return new SignJWT(claims())
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid, ...(header.jwk === true ? { jwk } : header) })
    .sign(own.privateKey)
}

async function tampered(): Promise<string> {
  const [head = '', , signature = ''] = person.access_token.split('.')
  return `${head}.${base64(claims())}.${signature}`
}

test('the token that the attacks modify is accepted', async () => {
  expect(await statusWith(await signed())).toBe(200)
})

test.each<[string, () => Promise<string>]>([
  ['no algorithm', () => unsignedAs('none')],
  ['no algorithm, spelt oddly', () => unsignedAs('nOnE')],
  ['HS256 with the public key as the secret', confused],
  ['another key under our kid', () => foreign()],
  ['a key of its own in the header', () => foreign({ jwk: true })],
  ['a key set elsewhere', () => foreign({ jku: 'https://attacker.test/jwks.json', kid: 'theirs' })],
  ['a certificate elsewhere', () => foreign({ x5u: 'https://attacker.test/cert.pem' })],
  ['other claims under a good signature', tampered],
  ['expired', () => signed({ exp: now_s() - 1 })],
  ['not yet valid', () => signed({ nbf: now_s() + 600 })],
  ['for another audience', () => signed({ aud: 'elsewhere' })],
  ['from another issuer', () => signed({ iss: 'https://attacker.test' })],
  ['of another type', () => signed({}, { typ: 'JWT' })],
  ['without a subject', () => signed({ sub: undefined as unknown as string })],
  ['without an end', () => signed({ exp: undefined as unknown as number })],
  ['a path as kid', () => signed({}, { kid: '../../../../dev/null' })],
  ['SQL as kid', () => signed({}, { kid: `' union select 'x` })],
  ['a URL as kid', () => signed({}, { kid: 'https://attacker.test/key' })],
  ['eight kilobytes', () => signed({ padding: 'x'.repeat(8_192) })],
  ['no token at all', async () => 'Bearer'],
  ['nothing', async () => ''],
  ['dots', async () => '..'],
])('refused: %s', async (_name, make) => {
  expect(await statusWith(await make())).toBe(401)
})

test('the access token has the claims of the contract', async () => {
  const reply = await fixture.call('GET', '/.well-known/jwks.json')
  expect(reply.status).toBe(200)
  expect(reply.headers['cache-control']).toBe('public, max-age=300')
  expect(Object.keys(reply.body.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  const { payload, protectedHeader } = await jwtVerify(person.access_token, createPublicKey(await publicPem()))
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })
  expect(payload).toMatchObject({ iss: 'http://localhost', aud: 'tessera', sub: person.user_id, roles: ['attendee'] })
  expect(payload.sid).toMatch(/^ses_/)
  expect(payload.jti).toBeTypeOf('string')
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900)
})

test('a rotation publishes the next key before it signs, keeps the old one until its tokens have expired, then destroys it', async () => {
  const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString()
  const kids = async (minutes: number): Promise<string[]> =>
    (await publicKeys(fixture.deps, at(minutes))).map((one) => one.kid)
  await fixture.context.owner.query(
    `update identity.signing_keys set published_at = now() - interval '30 days', signs_from = now() - interval '30 days'`,
  )
  await rotateKeys(fixture.deps, { as_of: at(0) })
  await rotateKeys(fixture.deps, { as_of: at(1) })
  const [next = '', ...rest] = await kids(2)
  expect(rest).toEqual([key.kid])
  expect((await currentKey(fixture.deps)).kid).toBe(key.kid)
  expect(await kids(16)).toEqual([next, key.kid])
  expect(await kids(15 + 119)).toContain(key.kid)
  expect(await kids(15 + 121)).toEqual([next])
  await rotateKeys(fixture.deps, { as_of: at(15 + 121) })
  const rows = await fixture.context.owner.query<{ kid: string }>(
    'select kid from identity.signing_keys order by signs_from',
  )
  expect(rows.map((row) => row.kid)).not.toContain(key.kid)
  expect(rows).toHaveLength(2)
})

test('processes that start together agree on the first key', async () => {
  await fixture.context.owner.query('delete from identity.signing_keys')
  const keys = await Promise.all(Array.from({ length: 8 }, () => currentKey(fixture.deps)))
  expect(new Set(keys.map((one) => one.kid)).size).toBe(1)
})

test('a key sealed by another installation is ignored and a new one takes over', async () => {
  const restored = { ...fixture.deps, secrets: createSecrets(Buffer.alloc(32, 9)) }
  const [before, after] = [await currentKey(fixture.deps), await currentKey(restored)]
  expect(after.kid).not.toBe(before.kid)
  expect((await currentKey(restored)).kid).toBe(after.kid)
})
