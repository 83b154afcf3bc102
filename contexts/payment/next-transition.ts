import type { Payment } from './payment.ts'
import type { ProviderIntent } from './provider/provider.ts'

/** What is to be done to a payment after its intent was seen in a state. Plans only move forward. */
export type Transition =
  | { kind: 'nothing' }
  | { kind: 'move'; to: 'processing' | 'requires_action' | 'cancelled' }
  | { kind: 'failed'; reason: string }
  /** The money is there, though it may be another sum than we asked for: settling tells. */
  | { kind: 'capture' }
  /** The intent cannot be this payment's: nothing may follow from it. */
  | { kind: 'foreign'; why: string }

/** States in which the money may still come. A late success, after a decline too, is always taken up. */
export const UNPAID: readonly Payment['status'][] = ['created', 'processing', 'requires_action', 'failed']

/**
 * Reads an intent as the provider shows it now. What it is checked for: that it is ours (our reference, or our id in its
 * metadata while we have none), that it speaks of our booking, and that it is in the currency we asked for.
 */
export function nextTransition(payment: Payment, intent: ProviderIntent): Transition {
  const foreign = foreignBecause(payment, intent)
  if (foreign !== null) return { kind: 'foreign', why: foreign }
  if (!UNPAID.includes(payment.status)) return { kind: 'nothing' }
  switch (intent.status) {
    case 'succeeded':
      return { kind: 'capture' }
    case 'cancelled':
      // A page that is over is no end: while the hold lives, another one can be opened. The reconciler ends it.
      return hasHadPage(payment) ? overOnce(payment, intent) : { kind: 'move', to: 'cancelled' }
    case 'processing':
    case 'requires_action':
      return payment.status === intent.status ? { kind: 'nothing' } : { kind: 'move', to: intent.status }
    case 'open':
      if (intent.failure === null || payment.status === 'failed') return { kind: 'nothing' }
      return { kind: 'failed', reason: intent.failure.decline_code ?? intent.failure.code }
  }
}

/** A try to pay ends with its page or intent; the payment, where nothing moves any more, waits for the next one. */
function overOnce({ status }: Payment, { failure }: ProviderIntent): Transition {
  if (status !== 'processing' && status !== 'requires_action') return { kind: 'nothing' }
  return { kind: 'failed', reason: failure?.decline_code ?? failure?.code ?? 'cancelled' }
}

/** Its buyer pays on the provider's page: a session or an intent that is cancelled gives way to the next page. */
export function hasHadPage({ checkout_ref, closed_checkout_ref }: Payment): boolean {
  return checkout_ref !== null || closed_checkout_ref !== null
}

function foreignBecause(payment: Payment, intent: ProviderIntent): string | null {
  if (payment.provider_ref !== null && intent.ref !== null && payment.provider_ref !== intent.ref) {
    return `${intent.ref} names this payment, whose intent is ${payment.provider_ref}`
  }
  if (intent.payment_id !== payment.id) return `${intent.ref} belongs to ${intent.payment_id ?? 'no payment of ours'}`
  if (intent.booking_id !== payment.booking_id) return `${intent.ref} is for ${intent.booking_id ?? 'no booking'}`
  if (intent.amount.currency !== payment.currency) return `${intent.ref} is in ${intent.amount.currency}`
  return null
}
