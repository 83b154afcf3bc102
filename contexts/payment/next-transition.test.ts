import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextTransition } from './next-transition.ts'
import type { Payment } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'

function payment(change: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_1',
    booking_id: 'bk_1',
    user_id: 'usr_1',
    organization_id: 'org_1',
    event_id: 'evt_1',
    provider: 'stripe',
    provider_ref: 'pi_1',
    client_secret: 'pi_1_secret_x',
    checkout_ref: null,
    replaced_ref: null,
    closed_checkout_ref: null,
    amount: 4_800,
    currency: 'USD',
    description: 'Two seats',
    status: 'created',
    captured: 0,
    refunded: 0,
    refund_pending: 0,
    fee: null,
    settlement: null,
    holder_email: null,
    holder_first_name: null,
    holder_last_name: null,
    return_url: null,
    hold_expires_at: '2026-11-20T10:00:00.000Z',
    ...change,
  }
}

function intent(change: Partial<ProviderIntent> = {}): ProviderIntent {
  return {
    ref: 'pi_1',
    status: 'open',
    client_secret: 'pi_1_secret_x',
    page_url: null,
    amount: { amount: 4_800, currency: 'USD' },
    received: { amount: 0, currency: 'USD' },
    fee: null,
    payment_id: 'pay_1',
    booking_id: 'bk_1',
    failure: null,
    redirect_url: null,
    ...change,
  }
}

const paid = intent({ status: 'succeeded', received: { amount: 4_800, currency: 'USD' } })
const declined = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No.' }

test('the money that was asked for is captured, also after a decline', () => {
  for (const status of ['created', 'processing', 'requires_action', 'failed'] as const) {
    expect(nextTransition(payment({ status }), paid)).toEqual({ kind: 'capture' })
  }
})

test('a success that comes again, or a failure after it, changes nothing', () => {
  for (const status of ['succeeded', 'partially_refunded', 'refunded', 'disputed', 'cancelled'] as const) {
    for (const seen of [
      paid,
      intent({ failure: declined }),
      intent({ status: 'processing' }),
      intent({ status: 'cancelled' }),
    ]) {
      expect(nextTransition(payment({ status }), seen)).toEqual({ kind: 'nothing' })
    }
  }
})

test.each([
  ['another intent', { ref: 'pi_2' }],
  ['another payment', { payment_id: 'pay_2' }],
  ['no payment', { payment_id: null }],
  ['another booking', { booking_id: 'bk_2' }],
  ['another currency', { amount: { amount: 4_800, currency: 'JPY' } }],
])('an intent of %s is never taken for ours', (_what, change) => {
  expect(nextTransition(payment(), { ...paid, ...change })).toMatchObject({ kind: 'foreign' })
})

test('an intent that the process died before recording is ours by its metadata', () => {
  expect(nextTransition(payment({ provider_ref: null }), paid)).toEqual({ kind: 'capture' })
})

test('a decline is told once, with the bank’s reason', () => {
  expect(nextTransition(payment(), intent({ failure: declined }))).toEqual({
    kind: 'failed',
    reason: 'insufficient_funds',
  })
  expect(nextTransition(payment({ status: 'failed' }), intent({ failure: declined }))).toEqual({ kind: 'nothing' })
})

test.each([
  ['a page', { provider_ref: null, checkout_ref: 'cs_1' }],
  ['a page that was closed', { closed_checkout_ref: 'cs_1' }],
])('a payment that has %s outlives what is cancelled; a try that was under way has failed', (_what, had) => {
  const cancelled = intent({ status: 'cancelled' })
  for (const status of ['created', 'failed'] as const) {
    expect(nextTransition(payment({ ...had, status }), cancelled)).toEqual({ kind: 'nothing' })
  }
  for (const status of ['processing', 'requires_action'] as const) {
    const to = (reason: string) => ({ kind: 'failed', reason })
    expect(nextTransition(payment({ ...had, status }), cancelled)).toEqual(to('cancelled'))
    const after = { ...cancelled, failure: declined }
    expect(nextTransition(payment({ ...had, status }), after)).toEqual(to('insufficient_funds'))
  }
  // A payment without any page ends with its intent.
  for (const status of ['created', 'processing', 'requires_action', 'failed'] as const) {
    expect(nextTransition(payment({ status }), cancelled)).toEqual({ kind: 'move', to: 'cancelled' })
  }
})

test('no state of an intent ever asks to go back', () => {
  const legal = new Map([
    ['created', ['processing', 'requires_action', 'failed', 'cancelled']],
    ['processing', ['requires_action', 'failed', 'cancelled']],
    ['requires_action', ['processing', 'failed', 'cancelled']],
    ['failed', ['processing', 'requires_action', 'cancelled']],
  ])
  const statuses = fc.constantFrom<Payment['status']>(
    'created',
    'processing',
    'requires_action',
    'failed',
    'succeeded',
    'refunded',
  )
  const seen = fc.constantFrom<ProviderIntent['status']>('open', 'requires_action', 'processing', 'cancelled')
  const pages = fc.constantFrom(null, 'cs_1')
  fc.assert(
    fc.property(statuses, seen, fc.constantFrom(null, declined), pages, (status, now, failure, closed_checkout_ref) => {
      const transition = nextTransition(payment({ status, closed_checkout_ref }), intent({ status: now, failure }))
      const to = transition.kind === 'move' ? transition.to : transition.kind === 'failed' ? 'failed' : null
      if (to !== null) expect(legal.get(status)).toContain(to)
    }),
  )
})
