import { hash as hashBcrypt } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { createPasswords } from './password.ts'

const passwords = createPasswords()

async function hashOf(password: string): Promise<string> {
  const hash = await passwords.hash(password)
  if (hash === null) throw new Error('saturated')
  return hash
}

test('a hash is argon2id in PHC form, salted, and matches its password alone', async () => {
  const [one, two] = await Promise.all([hashOf('correct horse'), hashOf('correct horse')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(one).not.toBe(two)
  expect(await passwords.verify('correct horse', one)).toBe('fits')
  expect(await passwords.verify('correct horsf', one)).toBe('wrong')
})

test('a password is compared to its last character, however long', async () => {
  const long = 'ü'.repeat(255)
  const hash = await hashOf(`${long}a`)
  expect(await passwords.verify(`${long}a`, hash)).toBe('fits')
  expect(await passwords.verify(`${long}b`, hash)).toBe('wrong')
})

test('a password in composed or decomposed characters is the same password', async () => {
  expect(await passwords.verify('cafe\u0301 society', await hashOf('caf\u00e9 society'))).toBe('fits')
})

test('a published vector of the argon2 command matches', async () => {
  // printf password | argon2 somesalt -id -t 2 -m 16 -p 1
  const vector = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  expect(await passwords.verify('password', vector)).toBe('outdated')
  expect(await passwords.verify('passwore', vector)).toBe('wrong')
})

test('imported bcrypt hashes match and are to be replaced', async () => {
  const hash = await hashBcrypt('correct horse', 4)
  expect(await passwords.verify('correct horse', hash)).toBe('outdated')
  expect(await passwords.verify('wrong horse', hash)).toBe('wrong')
  expect(await passwords.verify('correct horse\0tail', hash)).toBe('wrong')
})

test('a password that bcrypt truncates is never made the new hash', async () => {
  const hash = await hashBcrypt('a'.repeat(72), 4)
  expect(await passwords.verify(`${'a'.repeat(72)} and more`, hash)).toBe('fits')
  expect(await passwords.verify('a'.repeat(72), hash)).toBe('outdated')
})

test('an account without a password matches no password, not even the empty one', async () => {
  expect(await passwords.verify('', null)).toBe('wrong')
})

test('a stored hash of unknown form throws', async () => {
  await expect(passwords.verify('x', 'plain text')).rejects.toThrow(/form/)
  await expect(
    passwords.verify('x', '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'),
  ).rejects.toThrow(/form/)
})

test('beyond the queue the answer is saturated, and queued checks are completed', async () => {
  const narrow = createPasswords({ concurrency_max: 1, queue_max: 2 })
  const hash = await hashOf('correct horse')
  const checks = await Promise.all(Array.from({ length: 8 }, () => narrow.verify('correct horse', hash)))
  expect(checks.filter((check) => check === 'fits')).toHaveLength(3)
  expect(checks.filter((check) => check === 'saturated')).toHaveLength(5)
  expect(await narrow.hash('after the burst')).not.toBeNull()
})

test('one source cannot fill the queue for the others', async () => {
  const of = (source: string, quotas = 1) => ({ source, quotas })
  const narrow = createPasswords({ concurrency_max: 1, queue_max: 10, source_max: 3 })
  const hash = await hashOf('correct horse')
  const guesses = Array.from({ length: 50 }, () => narrow.verify('guess', hash, [of('203.0.113.9')]))
  const honest = narrow.verify('correct horse', hash, [of('198.51.100.1')])
  expect((await Promise.all(guesses)).filter((check) => check === 'wrong')).toHaveLength(3)
  expect(await honest).toBe('fits')
  expect(await narrow.verify('correct horse', hash, [of('203.0.113.9')])).toBe('fits')
})

test('the network around a source has a larger share of the queue, not all of it', async () => {
  const narrow = createPasswords({ concurrency_max: 1, queue_max: 10, source_max: 3 })
  const hash = await hashOf('correct horse')
  const around = { source: '2001:db8::/48', quotas: 16 }
  const guesses = Array.from({ length: 50 }, (_, subnet) =>
    narrow.verify('guess', hash, [{ source: `2001:db8:0:${subnet}::/64`, quotas: 1 }, around]),
  )
  const honest = narrow.verify('correct horse', hash, [{ source: '198.51.100.1', quotas: 1 }])
  expect((await Promise.all(guesses)).filter((check) => check === 'wrong')).toHaveLength(6)
  expect(await honest).toBe('fits')
})
