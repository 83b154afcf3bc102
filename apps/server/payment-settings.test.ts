import { expect, test } from 'vitest'
import { readSettings } from './config.ts'
import { isSimulated, paymentProviders, requirePayments } from './payment-settings.ts'

const stripe = (env: Record<string, string>) => paymentProviders(readSettings(env))['stripe']

test('a key without an address goes to Stripe over TLS, never to a local port', () => {
  for (const key of ['sk_test_1', 'sk_live_1', 'rk_live_1']) {
    expect(stripe({ STRIPE_SECRET_KEY: key })).toMatchObject({ api_base: 'https://api.stripe.com', secret_key: key })
    expect(isSimulated(readSettings({ STRIPE_SECRET_KEY: key }))).toBe(false)
  }
  expect(stripe({ TESSERA_SANDBOX_PORT: '3999' })).toMatchObject({ api_base: 'http://127.0.0.1:3999' })
  expect(isSimulated(readSettings({}))).toBe(true)
})

test('a live key refuses plain HTTP, and Stripe requires a key', () => {
  for (const key of ['sk_live_1', 'rk_live_1', 'sk_test', 'live', 'x_sk_test_1']) {
    const env = { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: 'http://127.0.0.1:3010' }
    expect(() => stripe(env), key).toThrow('plain HTTP')
  }
  expect(() => stripe({ STRIPE_API_BASE: 'https://api.stripe.com' })).toThrow('without STRIPE_SECRET_KEY')
  const env = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_BASE: 'http://127.0.0.1:3010' }
  expect(stripe(env)).toMatchObject({ api_base: 'http://127.0.0.1:3010' })
})

test.each([
  [{}, false],
  [{ TESSERA_PUBLIC_ORIGIN: 'https://tickets.example.org' }, false],
  [{ NODE_ENV: 'production' }, true],
  [{ NODE_ENV: 'production', STRIPE_API_BASE: 'http://127.0.0.1:3010', STRIPE_SECRET_KEY: 'sk_test_1' }, true],
  [{ NODE_ENV: 'production', TESSERA_SIMULATED_PAYMENTS: '1' }, false],
  [{ NODE_ENV: 'production', STRIPE_SECRET_KEY: 'sk_test_1' }, true],
  [{ NODE_ENV: 'production', STRIPE_SECRET_KEY: 'sk_live_1' }, false],
])('with %j the server refuses to sell where no money moves: %s', (env, refused) => {
  const start = (): void => requirePayments(readSettings(env))
  if (refused) expect(start).toThrow('TESSERA_SIMULATED_PAYMENTS=1')
  else expect(start).not.toThrow()
})
