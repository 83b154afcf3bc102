import type Stripe from 'stripe'
import type { ProviderDispute, ProviderIntent, ProviderRefund } from '../provider.ts'
import { feeFromStripe, fromStripe } from './minor-units.ts'

/** Stripe's objects in our words. Pure; unknown fields and new statuses never throw, they mean as little as possible. */
export function intentOf(intent: Stripe.PaymentIntent): ProviderIntent {
  const error = intent.last_payment_error
  return {
    ref: intent.id,
    status: statusOf(intent.status),
    client_secret: intent.client_secret,
    page_url: null,
    amount: fromStripe(intent.amount, intent.currency),
    received: fromStripe(intent.amount_received, intent.currency),
    fee: feeOf(intent),
    payment_id: intent.metadata.payment_id ?? null,
    booking_id: intent.metadata.booking_id ?? null,
    failure:
      error === null
        ? null
        : {
            code: error.code ?? error.type,
            decline_code: error.decline_code ?? null,
            message: error.message ?? 'The payment did not go through.',
          },
    redirect_url: intent.next_action?.redirect_to_url?.url ?? null,
  }
}

/** A session in our words: its intent as soon as there is one, else an open one that nobody has tried to pay. */
export function sessionOf(session: Stripe.Checkout.Session): ProviderIntent {
  const { payment_intent: intent, currency } = session
  const page_url = session.status === 'open' ? session.url : null
  if (intent !== null && typeof intent === 'object') {
    const seen = intentOf(intent)
    const over = session.status === 'expired' && seen.status !== 'succeeded' && seen.status !== 'processing'
    return { ...seen, page_url, redirect_url: null, ...(over ? { status: 'cancelled' as const } : {}) }
  }
  if (currency === null) throw new Error(`The session ${session.id} has no currency`)
  const amount = fromStripe(session.amount_total ?? 0, currency)
  return {
    ref: null,
    status: session.status === 'expired' ? 'cancelled' : 'open',
    client_secret: null,
    page_url,
    amount,
    received: { ...amount, amount: 0 },
    fee: null,
    payment_id: session.metadata?.payment_id ?? null,
    booking_id: session.metadata?.booking_id ?? null,
    failure: null,
    redirect_url: null,
  }
}

function statusOf(status: Stripe.PaymentIntent.Status): ProviderIntent['status'] {
  switch (status) {
    case 'succeeded':
      return 'succeeded'
    case 'processing':
      return 'processing'
    case 'requires_action':
      return 'requires_action'
    case 'canceled':
      return 'cancelled'
    default:
      return 'open'
  }
}

/** A fee in another currency than the charge belongs to the account's own books: it is not part of this money. */
function feeOf(intent: Stripe.PaymentIntent): number | null {
  const charge = intent.latest_charge
  if (charge === null || typeof charge === 'string') return null
  const booked = charge.balance_transaction
  if (booked === null || typeof booked === 'string') return null
  return booked.currency === intent.currency ? feeFromStripe(booked.fee, booked.currency) : 0
}

export function refundOf(refund: Stripe.Refund): ProviderRefund {
  return {
    ref: refund.id,
    intent_ref: idOf(refund.payment_intent),
    amount: fromStripe(refund.amount, refund.currency),
    status: refund.status === 'succeeded' ? 'succeeded' : isOver(refund.status) ? 'failed' : 'pending',
    failure: refund.failure_reason ?? null,
    refund_id: refund.metadata?.refund_id ?? null,
  }
}

function isOver(status: string | null): boolean {
  return status === 'failed' || status === 'canceled'
}

export function disputeOf(dispute: Stripe.Dispute): ProviderDispute {
  const fee = dispute.balance_transactions.reduce((sum, booked) => sum + booked.fee, 0)
  return {
    ref: dispute.id,
    intent_ref: idOf(dispute.payment_intent),
    amount: fromStripe(dispute.amount, dispute.currency),
    fee: feeFromStripe(fee, dispute.currency),
    status: disputeStatusOf(dispute.status),
  }
}

function disputeStatusOf(status: Stripe.Dispute.Status): ProviderDispute['status'] {
  if (status === 'won') return 'won'
  if (status === 'lost') return 'lost'
  return status.startsWith('warning_') || status === 'prevented' ? 'inquiry' : 'open'
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'object' ? (reference?.id ?? null) : reference
}
