import type Stripe from 'stripe'

/**
 * The objects of the sandbox, typed by the official SDK: a field that Stripe's own types demand and we forget is a
 * compile error. References are ids here (`expand` swaps them for objects at the edge). Objects are never changed in
 * place: every change makes a new one, so an event can carry its snapshot by reference.
 */
export type Intent = Omit<Stripe.PaymentIntent, 'latest_charge' | 'payment_method'> & {
  latest_charge: string | null
  payment_method: string | null
}
export type Charge = Omit<Stripe.Charge, 'balance_transaction' | 'payment_intent' | 'refunds'> & {
  balance_transaction: string | null
  payment_intent: string
}
export type Refund = Omit<Stripe.Refund, 'balance_transaction' | 'charge' | 'payment_intent' | 'metadata'> & {
  balance_transaction: string
  charge: string
  payment_intent: string
  metadata: Stripe.Metadata
}
export type BalanceTransaction = Omit<Stripe.BalanceTransaction, 'source'> & { source: string }
export type Dispute = Omit<Stripe.Dispute, 'charge' | 'payment_intent'> & { charge: string; payment_intent: string }

export type StripeEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: EventSubject; previous_attributes?: Record<string, unknown> }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: EventType
}
export type EventSubject = Intent | Charge | Refund | Dispute
export type EventType =
  | 'payment_intent.created'
  | 'payment_intent.processing'
  | 'payment_intent.requires_action'
  | 'payment_intent.succeeded'
  | 'payment_intent.payment_failed'
  | 'payment_intent.canceled'
  | 'charge.succeeded'
  | 'charge.failed'
  | 'charge.refunded'
  | 'charge.dispute.created'
  | 'charge.dispute.funds_withdrawn'
  | 'charge.dispute.funds_reinstated'
  | 'charge.dispute.closed'
  | 'refund.created'
  | 'refund.updated'
  | 'refund.failed'

export type ApiObject = Intent | Charge | Refund | BalanceTransaction | Dispute | StripeEvent
/** What Stripe keeps of an intent and never shows: where to send the buyer, the card tried, and all that came of it. */
export type Backstage = {
  object: 'tessera.backstage'
  /** The intent's id. */
  id: string
  return_url: string | null
  /** Name in the table of cards (`cards.ts`) of the attached payment method. */
  card: string | null
  /** Armed by the control API: the next authorisation ends in `processing` and settles only after this time. */
  late: LateOutcome | null
  /** Ids of the charges, refunds, disputes and balance transactions, oldest first. */
  parts: readonly string[]
}
export type LateOutcome = { after_ms: number; outcome: 'succeed' | 'fail' }

/** Something that happens by itself later: a processing intent or a pending refund settles. One per object. */
export type Due = { object: 'tessera.due'; id: string; at_ms: number; outcome: 'succeed' | 'fail' }
export type DueDone = { object: 'tessera.due_done'; id: string }

/** The remembered answer of an `Idempotency-Key`; `id` is the key. */
export type Remembered = {
  object: 'tessera.idempotency'
  id: string
  request_id: string
  target: string
  fingerprint: string
  status: number
  /** The object itself where the answer was just that (it is shared with the shelves), else the text. */
  body: string | ApiObject
  at_ms: number
}

/** Running totals of one currency in minor units (`id` is its code): the oracle that a ledger is checked against. */
export type Totals = {
  object: 'tessera.totals'
  id: string
  captured: number
  refunded: number
  fees: number
  disputed: number
  dispute_fees: number
}

export type Delivered = { object: 'tessera.delivered'; id: string }

/** One state change; a line of the journal is the array of those that one request made. */
export type Change = ApiObject | Backstage | Due | DueDone | Remembered | Totals | Delivered
