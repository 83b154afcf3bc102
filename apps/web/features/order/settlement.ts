import type { Booking, Money } from '../../api/bodies.ts'

type Payments = Booking['payments']
type Order = Pick<Booking, 'total' | 'cancellation' | 'payments'>

/** What the organizer paid back of an order beside its cancellation: done, or on its way. */
export function paidBack(payments: Payments, currency: string): Money {
  const refunds = payments.flatMap((payment) => payment.refunds)
  const amounts = refunds.flatMap(({ reason, state, amount }) =>
    reason === 'requested' && GOES_BACK.has(state) ? [amount.amount] : [],
  )
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency }
}

const GOES_BACK: ReadonlySet<string> = new Set(['pending', 'awaiting_dispute', 'succeeded', 'refunded_elsewhere'])

/**
 * How the money of an order was divided: `back` to the buyer, `kept` by the organizer. Null for an order of which nothing
 * went back yet, that cost nothing, or whose money the buyer's bank took in a dispute: how much that was is not known here.
 */
export function settlementOf({ total, cancellation, payments }: Order): { back: Money; kept: Money } | null {
  if (total.amount === 0 || cancellation?.refund_state === 'superseded') return null
  const before = paidBack(payments, total.currency).amount
  if (cancellation === undefined && before === 0) return null
  const back = before + (cancellation?.refund.amount ?? 0)
  const money = (amount: number): Money => ({ amount, currency: total.currency })
  return { back: money(back), kept: money(total.amount - back) }
}
