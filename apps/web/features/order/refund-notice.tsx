import type { Booking, Money } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { extraPaymentText } from '../checkout/given-back.ts'
import { moneyBackText } from '../checkout/money-back-text.ts'
import { paidBack } from './settlement.ts'

type RefundState = NonNullable<Booking['cancellation']>['refund_state']

/**
 * What an order gives back, and how far that is: by its cancellation, or because the organizer paid something back. Then
 * each payment that bought nothing beside the one that paid for it, with its reason.
 */
export function RefundNotice({ booking }: { booking: Booking }) {
  const { cancellation, total, payments } = booking
  return (
    <>
      {cancellation === undefined ? (
        <PaidBack amount={paidBack(payments, total.currency)} />
      ) : (
        <Cancelled refund={cancellation.refund} state={cancellation.refund_state} was_free={total.amount === 0} />
      )}
      {payments
        .filter((payment) => payment.outcome === 'given_back')
        .map((payment) => (
          <div key={payment.id} className="w-full max-w-[420px]">
            <Notice>{extraPaymentText(payment)}</Notice>
          </div>
        ))}
    </>
  )
}

function Cancelled({ refund, state, was_free }: { refund: Money; state: RefundState; was_free: boolean }) {
  const nothing = refund.amount === 0
  return (
    <div className="w-full max-w-[420px]">
      <Notice tone={nothing ? 'note' : 'good'} live="polite">
        {nothing ? nothingWords(was_free) : moneyBackText(refund, state)}
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
