import type { Booking, Money } from '../../api/bodies.ts'

type Cancelled = Pick<Booking, 'total' | 'cancellation'>

/** How the money of a cancelled order was divided; null for an order that stands, or that cost nothing. */
export function settlementOf({ total, cancellation }: Cancelled): { back: Money; kept: Money } | null {
  if (cancellation === undefined || total.amount === 0) return null
  const { refund } = cancellation
  return { back: refund, kept: { amount: total.amount - refund.amount, currency: total.currency } }
}
