import type { Booking } from '../../api/bodies.ts'
import { moneyBackText } from './money-back-text.ts'

type Payment = Booking['payments'][number]

/** Why a payment bought nothing. `unknown`: it was refused before reasons were recorded. */
export type Why = NonNullable<Payment['settlement_reason']> | 'amount_mismatch' | 'paid_otherwise' | 'unknown'

/** The server's word, never a guess. */
export function whyGivenBack({ settlement, settlement_reason }: Payment): Why {
  if (settlement === 'amount_mismatch' || settlement === 'paid_otherwise') return settlement
  return settlement_reason ?? 'unknown'
}

/** `because` goes on from "Your payment". `again`: there may be something left to choose. */
const GIVEN_BACK: Readonly<Record<Why, { title: string; because: string; again: boolean }>> = {
  taken: {
    title: 'A moment too late.',
    because: 'arrived after the time had run out, and by then not all of these tickets were free any more.',
    again: true,
  },
  person_limit: {
    title: 'More than one person may have.',
    because:
      'arrived after the time had run out, and counting all that you have bought or on hold, these would be more than one person may have.',
    again: true,
  },
  released: {
    title: 'These had been let go.',
    because: 'arrived after the tickets had been given back, so it bought none.',
    again: true,
  },
  cancelled: {
    title: 'This order was cancelled.',
    because: 'arrived after the order had been cancelled, so it bought no tickets.',
    again: true,
  },
  event_cancelled: {
    title: 'This event was cancelled.',
    because: 'arrived, but the event does not take place.',
    again: false,
  },
  event_over: {
    title: 'The event is over.',
    because: 'arrived after the event had ended, so it bought no tickets.',
    again: false,
  },
  amount_mismatch: {
    title: 'The sum did not fit.',
    because: 'was of another sum than the order, so it bought no tickets.',
    again: true,
  },
  paid_otherwise: {
    title: 'This payment was one too many.',
    because: 'came in beside the one that belongs to this order, so it bought no tickets.',
    again: true,
  },
  unknown: {
    title: 'This payment came too late.',
    because: 'arrived when the order could not be confirmed any more, so it bought no tickets.',
    again: true,
  },
}

/** A payment that bought nothing, on the page of an order that is not paid: why, and how far its money is on the way back. */
export function givenBackText(payment: Payment): { title: string; text: string; again: boolean } {
  const { title, because, again } = GIVEN_BACK[whyGivenBack(payment)]
  return { title, text: `Your payment ${because} ${moneyOf(payment)}`, again }
}

/** The same beside the payment that did pay for the order. */
export function extraPaymentText(payment: Payment): string {
  return `Another payment of yours ${GIVEN_BACK[whyGivenBack(payment)].because} ${moneyOf(payment)}`
}

/** Whatever was taken goes back, at last by the newest refund. */
function moneyOf({ captured, refunds }: Payment): string {
  return moneyBackText(captured, refunds.at(-1)?.state ?? 'pending')
}
