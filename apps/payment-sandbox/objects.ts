import type Stripe from 'stripe'
import { randomText } from './ids.ts'

/**
 * The objects of the sandbox: the fields of Stripe's own that Tessera or its tests read. References are ids here
 * (`expand` swaps them for objects at the edge). Objects are never changed in place: every change puts a new one.
 */
export type Intent = Pick<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'amount'
  | 'amount_received'
  | 'automatic_payment_methods'
  | 'canceled_at'
  | 'cancellation_reason'
  | 'capture_method'
  | 'created'
  | 'currency'
  | 'description'
  | 'livemode'
  | 'metadata'
  | 'next_action'
  | 'payment_method_types'
  | 'receipt_email'
  | 'status'
> & {
  client_secret: string
  last_payment_error: Record<string, unknown> | null
  latest_charge: string | null
  payment_method: string | null
}
export type Charge = {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  captured: boolean
  created: number
  currency: string
  description: string | null
  disputed: boolean
  failure_code: string | null
  failure_message: string | null
  livemode: false
  metadata: Stripe.Metadata
  outcome: object
  paid: boolean
  payment_intent: string
  payment_method: string | null
  payment_method_details: { card: { brand: string; last4: string; fingerprint: string } & object; type: 'card' }
  receipt_email: string | null
  refunded: boolean
  status: 'succeeded' | 'failed'
}
export type Refund = {
  id: string
  object: 'refund'
  amount: number
  balance_transaction: string
  charge: string
  created: number
  currency: string
  failure_balance_transaction?: string
  failure_reason?: string
  metadata: Stripe.Metadata
  payment_intent: string
  reason: string | null
  status: 'pending' | 'succeeded' | 'failed'
}
export type BalanceTransaction = {
  id: string
  object: 'balance_transaction'
  amount: number
  created: number
  currency: string
  description: string | null
  fee: number
  net: number
  reporting_category: string
  source: string
  status: 'pending'
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment'
}
export type Dispute = {
  id: string
  object: 'dispute'
  amount: number
  balance_transactions: BalanceTransaction[]
  charge: string
  created: number
  currency: string
  livemode: false
  metadata: Stripe.Metadata
  payment_intent: string
  reason: string
  status: 'needs_response' | 'won' | 'lost'
}
export type Session = {
  id: string
  object: 'checkout.session'
  amount_total: number
  cancel_url: string | null
  client_reference_id: string | null
  created: number
  currency: string
  customer_email: string | null
  expires_at: number
  livemode: false
  metadata: Stripe.Metadata
  mode: 'payment'
  payment_intent: string | null
  payment_status: 'unpaid' | 'paid'
  status: 'open' | 'complete' | 'expired'
  success_url: string
  ui_mode: 'hosted_page'
  url: string | null
}
export type StripeEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: Subject; previous_attributes?: object }
  livemode: false
  pending_webhooks: number
  request: Cause
  type: string
}
export type Subject = Intent | Charge | Refund | Dispute | Session
export type ApiObject = Subject | BalanceTransaction | StripeEvent
/** The request that caused an event; nulls for what happens by itself. */
export type Cause = { id: string | null; idempotency_key: string | null }

/** What Stripe keeps of an intent or a session and never shows. */
export type Hidden = {
  return_url: string | null
  /** Name in the table of cards (`cards.ts`) of the attached payment method. */
  card: string | null
  /** Ordered by the control API: the next authorisation answers `processing` and settles only after this time. */
  late: LateOutcome | null
  /** Of a session: what its intent will be made of. */
  intent_data?: { description: string | null; metadata: Stripe.Metadata; receipt_email: string | null }
}
export type LateOutcome = { after_ms: number; outcome: 'succeed' | 'fail' }
/** Something that happens by itself later: a processing intent or a pending refund settles. One per object. */
export type Due = { id: string; at_ms: number; outcome: LateOutcome['outcome'] }

/** The kinds of objects as the API's paths name them. */
export const KINDS = {
  payment_intents: 'payment_intent',
  charges: 'charge',
  refunds: 'refund',
  balance_transactions: 'balance_transaction',
  disputes: 'dispute',
  checkout_sessions: 'checkout.session',
  events: 'event',
} as const
export type Kind = keyof typeof KINDS
export type ObjectOf<K extends Kind> = Extract<ApiObject, { object: (typeof KINDS)[K] }>

/** The version of the API whose shapes we speak: the one that the installed SDK is pinned to (a test compares them). */
export const API_VERSION = '2026-08-26.dahlia'

const PREFIXES = {
  pi: 'pi_3',
  ch: 'ch_3',
  re: 're_3',
  txn: 'txn_3',
  dp: 'dp_3',
  evt: 'evt_3',
  pm: 'pm_3',
  cs: 'cs_test_',
}

/** An id as Stripe makes them: a prefix and 23 letters. */
export function newId(prefix: keyof typeof PREFIXES): string {
  return PREFIXES[prefix] + randomText(23)
}
