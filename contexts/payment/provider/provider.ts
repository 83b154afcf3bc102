import type { Money } from '@tessera/contracts/money'

/** What a payment provider must be able to do for us, in our words. One adapter per provider. */
export type Provider = {
  name: 'stripe'
  /** Asking twice with the same `payment_id` makes one intent. */
  createIntent(input: NewIntent): Promise<Reply<ProviderIntent>>
  /** A declined card is an answer too: an open intent with its `failure`. `key` is the try's own. */
  confirmIntent(
    ref: string,
    input: { payment_method: string; return_url: string; key: string },
  ): Promise<Reply<ProviderIntent>>
  fetchIntent(ref: string): Promise<Reply<ProviderIntent>>
  cancelIntent(ref: string): Promise<Reply<ProviderIntent>>
  /** Asking twice with the same `refund_id` and `round` makes one refund. */
  createRefund(input: NewRefund): Promise<Reply<ProviderRefund>>
  fetchRefund(ref: string): Promise<Reply<ProviderRefund>>
  refundsOf(intent_ref: string): Promise<Reply<ProviderRefund[]>>
  fetchDispute(ref: string): Promise<Reply<ProviderDispute>>
  /** Its own list of what happened since then, oldest first. */
  eventsSince(since: string): Promise<Reply<ProviderEvent[]>>
  /** The event of a webhook whose signature fits the raw bytes by one of the secrets, else null. No secret is empty. */
  verify(raw: Buffer, signature: string, secrets: readonly string[]): Promise<ProviderEvent | null>
}

/**
 * - `refused`: the provider said no, and nothing happened there;
 * - `unsent`: it was not asked (breaker, queue), so nothing happened there;
 * - `unknown`: it was asked and gave no clear answer: it may have happened.
 */
export type Reply<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'unsent' }
  | { kind: 'unknown'; error: unknown }

export type NewIntent = {
  payment_id: string
  booking_id: string
  amount: Money
  description: string
  email: string | null
  /** Where a page of the provider sends the buyer back to; only where there is such a page. */
  return_url: string | null
}

export type NewRefund = {
  refund_id: string
  /** Refusals so far: each new try after one needs a new key. */
  round: number
  intent_ref: string
  amount: Money
  /** It may have been asked for before: find it rather than make it. */
  look_first: boolean
}

export type ProviderIntent = {
  ref: string
  /** `open`: waits for a (or another) payment method. */
  status: 'open' | 'requires_action' | 'processing' | 'succeeded' | 'cancelled'
  client_secret: string
  amount: Money
  received: Money
  /** Null while the provider has not booked the charge. */
  fee: number | null
  payment_id: string | null
  booking_id: string | null
  /** Why the last try did not go through. */
  failure: Failure | null
  next_action: NextAction | null
}

export type Failure = { code: string; decline_code: string | null; message: string }

export type NextAction = {
  type: string
  redirect_to_url?: { url: string | null; return_url: string | null }
}

export type ProviderRefund = {
  ref: string
  intent_ref: string | null
  amount: Money
  status: 'pending' | 'succeeded' | 'failed'
  failure: string | null
  /** Ours, when we asked for it. */
  refund_id: string | null
}

export type ProviderDispute = {
  ref: string
  intent_ref: string | null
  amount: Money
  fee: number
  /** `inquiry`: the bank only asks; no money has moved. */
  status: 'inquiry' | 'open' | 'won' | 'lost'
}

/** Only a hint: which object has news. The ids are the provider's, `payment_hint` is ours if the object carried it. */
export type ProviderEvent = {
  event_id: string
  type: string
  occurred_at: string
  intent_ref: string | null
  refund_ref: string | null
  dispute_ref: string | null
  payment_hint: string | null
  payload: string
}
