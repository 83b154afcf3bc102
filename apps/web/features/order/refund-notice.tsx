import type { Booking, Money } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { paidBack } from './settlement.ts'

type Cancellation = NonNullable<Booking['cancellation']>

/** What an order gives back, and how far that is: by its cancellation, or because the organizer paid something back. */
export function RefundNotice({ booking: { cancellation, total, payments } }: { booking: Booking }) {
  if (cancellation === undefined) return <PaidBack amount={paidBack(payments, total.currency)} />
  const nothing = cancellation.refund.amount === 0
  return (
    <div className="w-full max-w-[420px]">
      <Notice tone={nothing ? 'note' : 'good'} live="polite">
        {nothing ? nothingWords(total.amount === 0) : refundWords(cancellation)}
      </Notice>
    </div>
  )
}

function PaidBack({ amount }: { amount: Money }) {
  if (amount.amount === 0) return null
  return (
    <div className="w-full max-w-[420px]">
      <Notice tone="good">
        The organizer paid {priceText(amount)} back to you. Your tickets stay valid; banks take five to ten days to show
        it.
      </Notice>
    </div>
  )
}

function nothingWords(was_free: boolean): string {
  return was_free
    ? 'It is cancelled. It cost nothing, so nothing goes back.'
    : 'It is cancelled. By the refund policy of this event nothing goes back.'
}

function refundWords({ refund, refund_state }: Cancellation): string {
  const amount = priceText(refund)
  switch (refund_state) {
    case 'succeeded':
    case 'refunded_elsewhere':
      return `${amount} was paid back to you. Banks take five to ten days to show it.`
    case 'superseded':
      return 'Your bank has returned your money to you: it decided your dispute.'
    case 'awaiting_dispute':
      return `${amount} goes back to you once the dispute at your bank is closed.`
    case 'returned':
    case 'failed':
      return `Your bank did not take the ${amount} back. The organizer pays it to you in another way.`
    case 'pending':
    case 'none':
      return `${amount} is on its way back to you. Banks take five to ten days to show it.`
  }
}
