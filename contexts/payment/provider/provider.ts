import type { IncomingHttpHeaders } from 'node:http'
import type { Money } from '@tessera/contracts/money'
import type { ChargeLimits } from '@tessera/contracts/pricing/chargeable'

/**
 * What a payment provider must be able to do for us, in our words: one adapter per provider, in a folder of its own.
 * References (`ref`, `intent_ref`, …) and event types are the provider's own text, stored and given back unread.
 */
export type Provider = {
  /** The name that payments carry and the last segment of the webhook's path: lower case, never changed. */
  name: string
  /** What one charge may amount to. */
  charge_limits: ChargeLimits
  /** Asking twice with the same `payment_id` makes one intent; it has a `ref`. */
  createIntent(input: NewIntent): Promise<Reply<ProviderIntent>>
  /** A declined card is an answer too: an open intent with its `failure`. `key` names this attempt. */
  confirmIntent(
    ref: string,
    input: { payment_method: string; return_url: string; key: string },
  ): Promise<Reply<ProviderIntent>>
  /** Opens a page of the provider's for the buyer's browser. The same input makes one page. */
  openCheckout(input: NewCheckout): Promise<Reply<Checkout>>
  fetchIntent(of: Reference): Promise<Reply<ProviderIntent>>
  /**
   * Of a page: closes it. Refused when money has moved or is moving, and when it was cancelled before. Every call is
   * decided anew, whatever an earlier one was answered.
   */
  cancelIntent(of: Reference): Promise<Reply<ProviderIntent>>
  /** Asking twice with the same `refund_id` and `round` makes one refund. */
  createRefund(input: NewRefund): Promise<Reply<ProviderRefund>>
  fetchRefund(ref: string): Promise<Reply<ProviderRefund>>
  refundsOf(intent_ref: string): Promise<Reply<ProviderRefund[]>>
  fetchDispute(ref: string): Promise<Reply<ProviderDispute>>
  /**
   * One page of the provider's own list of what happened since then, as far as no webhook has delivered it. `after` is
   * the `next` of the page before; null begins.
   */
  eventsPage(since: string, after: string | null): Promise<Reply<EventsPage>>
  /** Authenticates and reads a webhook from the request as it came. Whatever the request holds, this never throws. */
  readWebhook(request: WebhookRequest): Promise<WebhookRead>
}

/**
 * - `refused`: the provider said no, and nothing happened there; `moved`: because the intent is in another state by now;
 * - `unsent`: it was not asked (breaker, queue), so nothing happened there;
 * - `unknown`: it was asked and gave no clear answer: it may have happened.
 */
export type Reply<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; code: string; message: string; moved: boolean }
  | { kind: 'unsent' }
  | { kind: 'unknown'; error: unknown }

export type NewIntent = {
  payment_id: string
  booking_id: string
  amount: Money
  description: string
  email: string | null
}

export type NewCheckout = NewIntent & {
  /** Where the page sends the buyer once it is paid, and who gives up. */
  return_url: string
  cancel_url: string
  /** The page must live longer; we close it when the hold is over. */
  hold_expires_at: string
  /** The page before it, which is over. */
  replaces: string | null
}

export type Checkout = { ref: string; url: string }

/** What stands for a payment at the provider. A page comes first: it knows its intent. */
export type Reference = { intent_ref: string | null; checkout_ref: string | null }

export type NewRefund = {
  refund_id: string
  /** Refusals so far: each new try after one needs a new key. */
  round: number
  intent_ref: string
  amount: Money
  /** It may have been asked for before: find it rather than make it. */
  look_first: boolean
  /** The provider's ids of earlier tries, which the bank returned: not the one that is looked for. */
  not: readonly string[]
}

export type ProviderIntent = {
  /** Null while nobody has tried to pay on the page. */
  ref: string | null
  /** `open`: waits for a (or another) payment method. */
  status: 'open' | 'requires_action' | 'processing' | 'succeeded' | 'cancelled'
  /** With which the provider's own element pays in the buyer's browser; null where the provider has none. */
  client_secret: string | null
  /** The address of a page that can be paid on. */
  page_url: string | null
  amount: Money
  received: Money
  /** Null while the provider has not booked the charge. */
  fee: number | null
  payment_id: string | null
  booking_id: string | null
  /** Why the last try did not go through. */
  failure: Failure | null
  /** Where the buyer's browser takes the step that their bank still wants; null where it has no address. */
  redirect_url: string | null
}

export type Failure = { code: string; decline_code: string | null; message: string }

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

/** Only a hint: which object has news. The references are the provider's, `payment_hint` is ours if the object carried it. */
export type ProviderEvent = {
  event_id: string
  /** The provider's name for what happened, for people who read the table. */
  type: string
  /** What is to be fetched: the intent, one refund, all refunds of the intent, a dispute; null: nothing about our money. */
  about: 'intent' | 'refund' | 'refunds' | 'dispute' | null
  intent_ref: string | null
  refund_ref: string | null
  dispute_ref: string | null
  payment_hint: string | null
}

export type EventsPage = { events: ProviderEvent[]; next: string | null }

export type WebhookRequest = { raw: Buffer; headers: IncomingHttpHeaders }

/** - `untrusted`: not signed by the provider, or no event; - `unconfigured`: nothing to check it with is set. */
export type WebhookRead = { kind: 'event'; event: ProviderEvent } | { kind: 'untrusted' } | { kind: 'unconfigured' }
