import { describe, expect, test } from 'vitest'
import type { Booking } from '../../api/bodies.ts'
import { outcomeOf } from './outcome.ts'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const eur = (amount: number) => ({ amount, currency: 'EUR' })

type Payment = Booking['payments'][number]

function order(status: Booking['status'], outcomes: Payment['outcome'][], left_s = 60) {
  return {
    status,
    hold_expires_at: new Date(NOW + left_s * 1_000).toISOString(),
    performance_status: 'on_sale' as Booking['performance_status'],
    end_time: new Date(NOW + 3_600_000).toISOString(),
    payments: outcomes.map((outcome, index): Payment => {
      const captured = eur(outcome === 'given_back' ? 4_800 : 0)
      return {
        id: `pay_${index}`,
        provider: 'stripe',
        status: 'created',
        amount: eur(4_800),
        captured,
        refunded: eur(0),
        outcome,
        settlement: null,
        settlement_reason: null,
        failure_code: null,
        refunds: [],
      }
    }),
  }
}
const told = (booking: ReturnType<typeof order>, hints = {}) => outcomeOf(booking, NOW, hints)

test('a confirmed booking is the end, whatever its payments say', () => {
  expect(told(order('confirmed', ['declined', 'settling'])).kind).toBe('confirmed')
})

test('money is told before the hold: late, it is waited for, and its refund is named', () => {
  expect(told(order('expired', ['settling'], -30)).kind).toBe('working')
  expect(told(order('expired', ['processing'], -30)).kind).toBe('working')
  expect(told(order('expired', ['given_back'], -30))).toMatchObject({
    kind: 'refunded',
    payment: { captured: eur(4_800) },
  })
  expect(told(order('released', ['declined', 'given_back'], -30))).toMatchObject({
    kind: 'refunded',
    payment: { id: 'pay_1' },
  })
})

test('a hold that ended with its event is not offered again', () => {
  const over = { ...order('expired', ['closed'], -3_600), end_time: new Date(NOW).toISOString() }
  expect(told(over)).toEqual({ kind: 'event-over', charged: 'nothing' })
})

describe('while the hold lives', () => {
  test('a decline lets the buyer try again, and a second try is waited for', () => {
    expect(told(order('held', ['declined']))).toEqual({ kind: 'declined', charged: 'nothing' })
    expect(told(order('held', ['declined', 'processing'])).kind).toBe('working')
  })

  test('a step at the bank is asked for, until the way back says that it was paid', () => {
    expect(told(order('held', ['action_required'])).kind).toBe('step-needed')
    expect(told(order('held', ['action_required']), { paid: true }).kind).toBe('working')
  })

  test('who left the payment page without paying is not kept waiting', () => {
    expect(told(order('held', ['open']), { gave_up: true })).toEqual({ kind: 'came-back', charged: 'nothing-yet' })
    expect(told(order('held', ['closed']), { gave_up: true })).toEqual({ kind: 'came-back', charged: 'nothing' })
    expect(told(order('held', ['processing']), { gave_up: true }).kind).toBe('working')
  })

  test('a payment page that did not answer is not the buyer’s doing', () => {
    expect(told(order('held', ['open']), { gave_up: true, unreached: true }).kind).toBe('unreached')
    expect(told(order('held', ['declined']), { gave_up: true, unreached: true }).kind).toBe('declined')
    expect(told(order('held', ['processing']), { unreached: true }).kind).toBe('working')
    expect(told(order('held', ['open'], -1), { unreached: true }).kind).not.toBe('unreached')
  })

  test('without a payment there is nothing to come back from, whatever the address says', () => {
    expect(told(order('held', []))).toEqual({ kind: 'unpaid', charged: 'nothing' })
    expect(told(order('held', []), { gave_up: true })).toEqual({ kind: 'unpaid', charged: 'nothing' })
  })

  test('a charged card whose news has not come yet is waited for, whatever the try before it shows', () => {
    expect(told(order('held', ['declined']), { paid: true }).kind).toBe('working')
  })
})

describe('when the time is over', () => {
  test('"nothing was charged" is said only when nothing can be', () => {
    expect(told(order('expired', [], -5))).toEqual({ kind: 'expired', charged: 'nothing' })
    expect(told(order('expired', ['declined', 'closed'], -5))).toEqual({ kind: 'expired', charged: 'nothing' })
    expect(told(order('expired', ['open'], -5)).kind).toBe('closing')
    expect(told(order('held', ['action_required'], -5)).kind).toBe('closing')
    expect(told(order('expired', ['open'], -600))).toEqual({ kind: 'expired', charged: 'nothing-yet' })
  })

  test('what was given back is told apart from what ran out', () => {
    expect(told(order('released', [], 60))).toEqual({ kind: 'released', charged: 'nothing' })
    expect(told(order('released', ['open'], 60)).kind).toBe('closing')
  })
})

describe('a cancelled event', () => {
  const cancelled = (booking: ReturnType<typeof order>, hints = {}) =>
    outcomeOf({ ...booking, performance_status: 'cancelled' }, NOW, hints)
  test('is the reason, for a hold and for money that came too late', () => {
    expect(cancelled(order('held', []))).toEqual({ kind: 'event-cancelled', charged: 'nothing' })
    expect(cancelled(order('expired', ['settling'])).kind).toBe('working')
    expect(cancelled(order('expired', ['given_back'], -5)).kind).toBe('refunded')
    expect(cancelled(order('held', ['open']), { paid: true }).kind).toBe('working')
  })
})
