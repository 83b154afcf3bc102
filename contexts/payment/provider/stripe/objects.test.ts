import { readFileSync } from 'node:fs'
import { hasReferenceData, referenceData } from '@tessera/contracts/reference-data.fixture'
import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { disputeOf, intentOf, refundOf } from './objects.ts'

type Fixtures = {
  payment_intent: Stripe.PaymentIntent
  charge: Stripe.Charge
  balance_transaction: Stripe.BalanceTransaction
  refund: Stripe.Refund
  dispute: Stripe.Dispute
}

/** Stripe's own examples of its objects (stripe-mock, MIT), beside the checkout and never in it. */
const FIXTURES = 'payments/stripe-fixtures.subset.json'
const hasFixtures = hasReferenceData(FIXTURES)
const stripe = hasFixtures
  ? (JSON.parse(readFileSync(referenceData(FIXTURES), 'utf8')) as { resources: Fixtures }).resources
  : ({} as Fixtures)

test.runIf(hasFixtures)('an intent as Stripe shows it', () => {
  expect(intentOf(stripe.payment_intent)).toMatchObject({
    ref: stripe.payment_intent.id,
    status: 'open',
    amount: { amount: 1_099, currency: 'USD' },
    received: { amount: 0, currency: 'USD' },
    fee: null,
    payment_id: null,
    booking_id: null,
  })
})

test.runIf(hasFixtures)('a succeeded intent carries what the provider kept, once it is booked', () => {
  const paid = (charge: Stripe.Charge | string | null) =>
    intentOf({ ...stripe.payment_intent, status: 'succeeded', amount_received: 1_099, latest_charge: charge })
  const booked: Stripe.BalanceTransaction = { ...stripe.balance_transaction, fee: 62, currency: 'usd' }
  expect(paid({ ...stripe.charge, balance_transaction: booked })).toMatchObject({ status: 'succeeded', fee: 62 })
  expect(paid({ ...stripe.charge, balance_transaction: null }).fee).toBeNull()
  expect(paid('ch_1').fee).toBeNull()
  expect(paid({ ...stripe.charge, balance_transaction: { ...booked, currency: 'eur' } }).fee).toBe(0)
})

test.runIf(hasFixtures)('an unknown status of an intent means the least: that it is open', () => {
  const statuses = ['requires_confirmation', 'requires_capture', 'invented_tomorrow'] as Stripe.PaymentIntent.Status[]
  for (const status of statuses) expect(intentOf({ ...stripe.payment_intent, status }).status).toBe('open')
  expect(intentOf({ ...stripe.payment_intent, status: 'canceled' }).status).toBe('cancelled')
})

test.runIf(hasFixtures)('a refund, in all its states', () => {
  expect(refundOf(stripe.refund)).toMatchObject({
    ref: stripe.refund.id,
    amount: { amount: 100, currency: 'USD' },
    status: 'succeeded',
    refund_id: null,
  })
  const states = ['pending', 'requires_action', 'failed', 'canceled', 'succeeded']
  expect(states.map((status) => refundOf({ ...stripe.refund, status }).status)).toEqual([
    'pending',
    'pending',
    'failed',
    'failed',
    'succeeded',
  ])
})

test.runIf(hasFixtures)('an inquiry of a bank is no dispute: no money has moved', () => {
  expect(disputeOf(stripe.dispute).status).toBe('inquiry')
  const open = disputeOf({
    ...stripe.dispute,
    status: 'needs_response',
    balance_transactions: [{ ...stripe.balance_transaction, fee: 1_500 }],
  })
  expect(open).toMatchObject({ status: 'open', fee: 1_500, amount: { amount: 1_000, currency: 'USD' } })
})
