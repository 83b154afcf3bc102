import type { Booking, Money } from '../../api/bodies.ts'
import { priceText } from '../../ui/money.ts'

type RefundState = NonNullable<Booking['cancellation']>['refund_state']

/** How far an amount that goes back has come. */
export function moneyBackText(amount: Money, state: RefundState): string {
  const sum = priceText(amount)
  switch (state) {
    case 'succeeded':
    case 'refunded_elsewhere':
      return `${sum} was paid back to you. Banks take five to ten days to show it.`
    case 'superseded':
      return 'Your bank has returned your money to you: it decided your dispute.'
    case 'awaiting_dispute':
      return `${sum} goes back to you once the dispute at your bank is closed.`
    case 'returned':
    case 'failed':
      return `Your bank did not take the ${sum} back. The organizer pays it to you in another way.`
    case 'pending':
    case 'none':
      return `${sum} is on its way back to you. Banks take five to ten days to show it.`
  }
}
