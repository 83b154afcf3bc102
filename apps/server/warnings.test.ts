import { expect, test } from 'vitest'
import { readSettings } from './config.ts'
import { warningsOf } from './warnings.ts'

const SHOP = { TESSERA_PUBLIC_ORIGIN: 'https://tickets.example', STRIPE_SECRET_KEY: 'sk_live_1' }

test.each<[Record<string, string>, string[]]>([
  [{}, []],
  [{ TESSERA_RATE_LIMITS: 'off' }, []],
  [{ TESSERA_PUBLIC_ORIGIN: 'http://localhost:8080' }, []],
  [SHOP, []],
  [{ ...SHOP, STRIPE_SECRET_KEY: '' }, ['payments are simulated']],
  [{ ...SHOP, STRIPE_SECRET_KEY: 'sk_test_1' }, ['is a test key']],
  [{ ...SHOP, TESSERA_PUBLIC_ORIGIN: 'http://tickets.example' }, ['plain HTTP']],
  [{ ...SHOP, TESSERA_PUBLIC_ORIGIN: '' }, ['without TESSERA_PUBLIC_ORIGIN']],
  [{ NODE_ENV: 'production', TESSERA_SIMULATED_PAYMENTS: '1' }, ['without TESSERA_PUBLIC_ORIGIN']],
  [{ ...SHOP, TESSERA_RATE_LIMITS: 'off' }, ['TESSERA_RATE_LIMITS=off']],
])('with %j an operator is told %j', (env, expected) => {
  const warnings = warningsOf(readSettings(env))
  expect(warnings).toHaveLength(expected.length)
  for (const [n, text] of expected.entries()) expect(warnings[n]).toContain(text)
})
