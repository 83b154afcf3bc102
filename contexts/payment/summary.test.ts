import { expect, test } from 'vitest'
import type { Payment } from './payment.ts'
import { outcomeOf, refundState } from './summary.ts'

const OUTCOMES: readonly [Payment['status'], Payment['settlement'], ReturnType<typeof outcomeOf>][] = [
  ['created', null, 'open'],
  ['requires_action', null, 'action_required'],
  ['processing', null, 'processing'],
  ['failed', null, 'declined'],
  ['cancelled', null, 'closed'],
  ['succeeded', 'pending', 'settling'],
  ['succeeded', 'confirmed', 'confirmed'],
  ['partially_refunded', 'confirmed', 'confirmed'],
  ['refunded', 'confirmed', 'confirmed'],
  ['disputed', 'confirmed', 'confirmed'],
  ['disputed', 'pending', 'settling'],
  ['succeeded', 'seats-gone', 'given_back'],
  ['refunded', 'paid-otherwise', 'given_back'],
  ['refunded', 'amount-mismatch', 'given_back'],
  ['succeeded', 'unknown-booking', 'given_back'],
]

test.each(OUTCOMES)('a payment that is %s and settled as %s is %s', (status, settlement, outcome) => {
  expect(outcomeOf({ status, settlement })).toBe(outcome)
})

type Row = Parameters<typeof refundState>[0]
const STATES: readonly [Row['status'], boolean, Row['resolution'], ReturnType<typeof refundState>][] = [
  ['pending', false, null, 'pending'],
  ['pending', true, null, 'awaiting_dispute'],
  ['succeeded', false, null, 'succeeded'],
  ['superseded', false, null, 'superseded'],
  ['failed', false, null, 'failed'],
  ['failed', false, 'open', 'returned'],
  ['failed', false, 'refunded-elsewhere', 'refunded_elsewhere'],
]

test.each(STATES)('a refund that is %s (in dispute: %s, case: %s) is %s', (status, in_dispute, resolution, state) => {
  expect(refundState({ status, in_dispute, resolution })).toBe(state)
})
