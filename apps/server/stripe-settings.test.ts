import { expect, test } from 'vitest'
import { contextConfigs, isSimulated, readSettings } from './config.ts'

const stripe = (env: Record<string, string>) =>
  contextConfigs(readSettings(env), () => false).payment.payment_providers['stripe']

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
