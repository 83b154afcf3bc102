import { expect, test } from 'vitest'
import { contextConfigs, isProduction, listenHost, organizationsWait, readSettings } from './config.ts'

test.each([
  ['', { hops: 0 }],
  ['0', { hops: 0 }],
  ['off', { hops: 0 }],
  ['1', { hops: 1 }],
  ['2', { hops: 2 }],
  ['10.0.0.0/8, ::1', { networks: ['10.0.0.0/8', '::1'] }],
])('TESSERA_TRUST_PROXY=%s is %j', (text, proxies) => {
  expect(readSettings({ TESSERA_TRUST_PROXY: text }).trusted_proxies).toEqual(proxies)
})

test.each(['on', 'true', '10.0.0.0/40', 'proxy.internal', '10.0.0.1,', '-1'])(
  'TESSERA_TRUST_PROXY=%s is refused',
  (text) => {
    expect(() => readSettings({ TESSERA_TRUST_PROXY: text })).toThrow('TESSERA_TRUST_PROXY')
  },
)

test.each([
  [{}, '::'],
  [{ TESSERA_PUBLIC_ORIGIN: 'http://localhost:3000' }, '::'],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example.org' }, '127.0.0.1'],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://localhost.example.org' }, '127.0.0.1'],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example.org', HOST: '0.0.0.0' }, '0.0.0.0'],
])('%j listens on %s', (env, host) => {
  expect(listenHost(readSettings(env))).toBe(host)
})

test.each([
  [{}, false],
  [{ TESSERA_PUBLIC_ORIGIN: 'http://127.0.0.1:3000', STRIPE_SECRET_KEY: 'sk_test_1' }, false],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example.org' }, true],
  [{ STRIPE_SECRET_KEY: 'sk_live_1' }, true],
  [{ STRIPE_SECRET_KEY: 'rk_live_1' }, true],
  [{ STRIPE_SECRET_KEY: 'something' }, true],
  [{ NODE_ENV: 'production' }, true],
  [{ NODE_ENV: 'test' }, false],
])('with %j demo data is kept out: %s', (env, production) => {
  expect(isProduction(readSettings({ ...env, TESSERA_DEMO: '1' }))).toBe(production)
})

test("only payment gets its provider's secrets, and the number of processes is read at each use", () => {
  let several = false
  const configs = contextConfigs(readSettings({ STRIPE_SECRET_KEY: 'sk_test_1' }), () => several)
  const { payment, ...others } = configs
  expect(JSON.stringify(payment)).toContain('sk_test_1')
  expect(JSON.stringify(others)).not.toContain('sk_test_1')
  several = true
  expect([configs.booking.several_processes, configs.catalog.several_processes]).toEqual([true, true])
})

test.each([
  [{}, false],
  [{ TESSERA_PUBLIC_ORIGIN: 'http://localhost:8080' }, false],
  [{ TESSERA_DEMO: '0', NODE_ENV: 'production' }, false],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example' }, true],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example', TESSERA_ORGANIZATIONS: 'open' }, false],
  [{ TESSERA_ORGANIZATIONS: 'approval' }, true],
])('with %o a new organization waits for an admin: %s', (env, waits) => {
  expect(organizationsWait(readSettings(env))).toBe(waits)
  expect(contextConfigs(readSettings(env), () => false).identity.organizations_wait).toBe(waits)
})

test('only open and approval can be chosen', () => {
  expect(() => readSettings({ TESSERA_ORGANIZATIONS: 'closed' })).toThrow('TESSERA_ORGANIZATIONS')
})
