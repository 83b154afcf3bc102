import type { Booking, Cancellation, Money } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'
import { paidBack } from './settlement.ts'

type Order = Pick<Booking, 'total' | 'payments'>
type Preview = Pick<Cancellation, 'refund' | 'refund_waits_for'>

/** What cancelling an order would give back, as the preview says, and why it is less than was paid. */
export function refundWords({ refund, refund_waits_for }: Preview, { total, payments }: Order): string {
  const before = paidBack(payments, total.currency)
  const waits = refund_waits_for === 'dispute' ? ' It comes once the dispute at your bank is closed.' : ''
  if (refund.amount > 0) return `${amountWords(refund, before, total)}${waits}`
  if (total.amount === 0) return 'It cost nothing, so nothing comes back.'
  if (before.amount > 0) return `${priceText(before)} was paid back to you before; nothing more comes back.`
  return 'By the refund policy of this event nothing comes back.'
}

function amountWords(refund: Money, before: Money, total: Money): string {
  if (refund.amount === total.amount) return `You get everything back: ${priceText(refund)}.`
  const already = before.amount > 0 ? `, besides the ${priceText(before)} that was paid back before` : ''
  return `You get ${priceText(refund)} of ${priceText(total)} back${already}.`
}
