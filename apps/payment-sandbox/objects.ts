import type Stripe from 'stripe'
import { type Card, chargedCard } from './cards.ts'
import { newId, randomText } from './ids.ts'
import type { StripeErrorBody } from './refusal.ts'

/** The version of the API whose shapes we speak: the one that the installed SDK is pinned to (a test compares them). */
export const API_VERSION = '2026-08-26.dahlia'

/**
 * The objects of the sandbox: the fields of Stripe's own that Tessera, its tests or a client of the SDK read. Each is
 * written down once, as it is when it is made; its type follows from that. References are ids here (`expand` swaps them
 * for objects in the answer). Objects are never changed in place: every change stores a new one.
 */
export type Intent = ReturnType<typeof newIntent>
export type Charge = ReturnType<typeof newCharge>
export type Refund = ReturnType<typeof newRefund>
export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>
export type Dispute = ReturnType<typeof newDispute>
export type Session = ReturnType<typeof newSession>
export type StripeEvent = ReturnType<typeof newEvent>
export type Subject = Intent | Charge | Refund | Dispute | Session
export type ApiObject = Subject | BalanceTransaction | StripeEvent
/** The request that caused an event; nulls for what happens by itself. */
export type Cause = { id: string | null; idempotency_key: string | null }

/** What Stripe keeps of an intent or a session and never shows. */
export type Hidden = {
  return_url: string | null
  /** Name in the table of cards (`cards.ts`) of the attached payment method. */
  card: string | null
  /** Ordered by the control API: the next authorization answers `processing` and settles only after this time. */
  late: LateOutcome | null
  /** Of a session: what its intent will be made of. */
  intent_data?: Pick<Terms, 'description' | 'metadata' | 'receipt_email'>
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

export type Terms = {
  amount: number
  currency: string
  description: string | null
  metadata: Stripe.Metadata
  receipt_email: string | null
}

/** An intent that waits for its confirmation, or for a payment method first. */
export function newIntent(now: number, terms: Terms, payment_method: string | null) {
  const id = newId('pi')
  return {
    ...terms,
    id,
    object: 'payment_intent' as const,
    amount_received: 0,
    canceled_at: null as number | null,
    cancellation_reason: null as Stripe.PaymentIntent.CancellationReason | null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    created: now,
    last_payment_error: null as (StripeErrorBody & { payment_method: object }) | null,
    latest_charge: null as string | null,
    livemode: false,
    next_action: null as object | null,
    payment_method,
    payment_method_types: ['card'],
    status: (payment_method === null
      ? 'requires_payment_method'
      : 'requires_confirmation') as Stripe.PaymentIntent.Status,
  }
}

/** A charge before the bank has answered. */
export function newCharge(now: number, intent: Intent, card: Card, authenticated: boolean) {
  const { amount, currency, description, metadata, payment_method, receipt_email } = intent
  return {
    id: newId('ch'),
    object: 'charge' as const,
    amount,
    amount_captured: 0,
    amount_refunded: 0,
    balance_transaction: null as string | null,
    captured: false,
    created: now,
    currency,
    description,
    disputed: false,
    failure_code: null as string | null,
    failure_message: null as string | null,
    livemode: false,
    metadata,
    outcome: {} as object,
    paid: false,
    payment_intent: intent.id,
    payment_method,
    payment_method_details: { card: chargedCard(card, now, authenticated), type: 'card' },
    receipt_email,
    refunded: false,
    status: 'failed' as Stripe.Charge.Status,
  }
}

export type RefundTerms = { amount: number; reason: string | null; metadata: Stripe.Metadata }

export function newRefund(now: number, charge: Charge, terms: RefundTerms, status: 'pending' | 'succeeded') {
  return {
    ...terms,
    id: newId('re'),
    object: 'refund' as const,
    balance_transaction: null as string | null,
    charge: charge.id,
    created: now,
    currency: charge.currency,
    failure_balance_transaction: null as string | null,
    failure_reason: null as string | null,
    payment_intent: charge.payment_intent,
    status: status as 'pending' | 'succeeded' | 'failed',
  }
}

export type Movement = {
  amount: number
  fee: number
  source: string
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment'
  reporting_category: string
}

/** A movement of the account's balance; `net` is what is left of it after the fee. */
export function newBalanceTransaction(now: number, charge: Charge, movement: Movement) {
  return {
    ...movement,
    id: newId('txn'),
    object: 'balance_transaction' as const,
    created: now,
    currency: charge.currency,
    description: charge.description,
    net: movement.amount - movement.fee,
    status: 'pending',
  }
}

export function newDispute(now: number, charge: Charge, amount: number, reason: string) {
  return {
    id: newId('dp'),
    object: 'dispute' as const,
    amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response' as 'needs_response' | 'won' | 'lost',
  }
}

export type SessionTerms = {
  amount_total: number
  currency: string
  cancel_url: string | null
  client_reference_id: string | null
  customer_email: string | null
  metadata: Stripe.Metadata
  success_url: string
}

/** An open Checkout Session whose page is below `origin`. */
export function newSession(now: number, terms: SessionTerms, expires_at: number, origin: string) {
  const id = newId('cs')
  return {
    ...terms,
    id,
    object: 'checkout.session' as const,
    created: now,
    expires_at,
    livemode: false,
    mode: 'payment',
    payment_intent: null as string | null,
    payment_status: 'unpaid' as 'unpaid' | 'paid',
    status: 'open' as Stripe.Checkout.Session.Status,
    ui_mode: 'hosted_page',
    url: `${origin}/c/pay/${id}` as string | null,
  }
}

export function newEvent(now: number, type: string, object: Subject, pending_webhooks: number, request: Cause) {
  return {
    id: newId('evt'),
    object: 'event' as const,
    api_version: API_VERSION,
    created: now,
    data: { object } as { object: Subject; previous_attributes?: object },
    livemode: false,
    pending_webhooks,
    request,
    type,
  }
}
