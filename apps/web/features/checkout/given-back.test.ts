import { expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { extraPaymentText, givenBackText, type Why, whyGivenBack } from './given-back.ts'
import { outcomeOf } from './outcome.ts'

type Payment = Booking['payments'][number]
type Reason = NonNullable<Payment['settlement_reason']>

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const eur = (amount: number) => ({ amount, currency: 'EUR' })

function givenBack(
  settlement: Payment['settlement'],
  settlement_reason: Payment['settlement_reason'] = null,
  state: Payment['refunds'][number]['state'] = 'pending',
): Payment {
  const created_at = new Date(NOW).toISOString()
  return {
    id: 'pay_1',
    provider: 'stripe',
    status: 'refunded',
    amount: eur(4_800),
    captured: eur(4_800),
    refunded: eur(0),
    outcome: 'given_back',
    settlement,
    settlement_reason,
    failure_code: null,
    refunds: [{ id: 'ref_1', amount: eur(4_800), reason: 'late_payment', state, created_at, settled_at: null }],
  }
}

const REASONS: Readonly<Record<Reason, RegExp>> = {
  taken: /by then not all of these tickets were free any more/,
  person_limit: /more than one person may have/,
  released: /after the tickets had been given back/,
  cancelled: /after the order had been cancelled/,
  event_cancelled: /the event does not take place/,
  event_over: /after the event had ended/,
}
const OTHERS: Readonly<Record<Exclude<Why, Reason>, readonly [Payment, RegExp]>> = {
  amount_mismatch: [givenBack('amount_mismatch'), /another sum than the order/],
  paid_otherwise: [givenBack('paid_otherwise'), /beside the one that belongs to this order/],
  unknown: [givenBack('seats_gone'), /could not be confirmed any more/],
}
const ALL = [
  ...Object.entries(REASONS).map(([why, words]) => [why, givenBack('seats_gone', why as Reason), words] as const),
  ...Object.entries(OTHERS).map(([why, [payment, words]]) => [why, payment, words] as const),
]

test.each(ALL)(
  'a payment that bought nothing (%s): what happened, and that the money goes back',
  (why, payment, words) => {
    expect(whyGivenBack(payment)).toBe(why)
    const { title, text } = givenBackText(payment)
    expect(title).toMatch(/^[A-Z].*\.$/)
    expect(text).toMatch(words)
    expect(text).toMatch(/^Your payment .* €48 is on its way back to you\./)
    expect(extraPaymentText(payment)).toMatch(words)
    expect(extraPaymentText(payment)).toMatch(/^Another payment of yours .* €48 is on its way back to you\./)
  },
)

test('each reason has words of its own; only one says that the tickets were taken', () => {
  const told = ALL.map(([, payment]) => givenBackText(payment))
  expect(new Set(told.map(({ title }) => title)).size).toBe(ALL.length)
  expect(new Set(told.map(({ text }) => text)).size).toBe(ALL.length)
  expect(told.filter(({ text }) => /not all .* free/.test(text))).toHaveLength(1)
})

test('nobody is sent to choose again where there is nothing left to choose', () => {
  const none = ALL.filter(([, payment]) => !givenBackText(payment).again).map(([why]) => why)
  expect(none.toSorted()).toEqual(['event_cancelled', 'event_over'])
})

test('the reason is the server’s word, whatever the times and the status look like', () => {
  for (const [why, payment] of ALL) {
    for (const end_time of [new Date(NOW - 1).toISOString(), new Date(NOW + 3_600_000).toISOString()]) {
      for (const status of ['expired', 'released', 'held'] as const) {
        for (const performance_status of ['on_sale', 'cancelled'] as const) {
          const hold_expires_at = new Date(NOW - 30_000).toISOString()
          const seen = { status, hold_expires_at, performance_status, end_time, payments: [payment] }
          const outcome = outcomeOf(seen, NOW)
          expect(outcome.kind === 'refunded' && whyGivenBack(outcome.payment)).toBe(why)
        }
      }
    }
  }
})

test('the money is where its refund is', () => {
  const told = (state: Payment['refunds'][number]['state']) =>
    givenBackText(givenBack('seats_gone', 'taken', state)).text
  expect(told('succeeded')).toMatch(/€48 was paid back to you/)
  expect(told('awaiting_dispute')).toMatch(/once the dispute at your bank is closed/)
  expect(told('returned')).toMatch(/The organizer pays it to you in another way/)
  const without = { ...givenBack('seats_gone', 'taken'), refunds: [] }
  expect(givenBackText(without).text).toMatch(/on its way back/)
})
