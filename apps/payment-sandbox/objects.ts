import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import type { Decline } from './cards.ts'
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
  intent_data?: Pick<Terms, 'description' | 'metadata'>
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

export function kindOf({ object }: ApiObject): Kind {
  const kind = (Object.keys(KINDS) as Kind[]).find((each) => KINDS[each] === object)
  if (kind === undefined) throw new Error(`Unknown kind of object: ${object}`)
  return kind
}

export type ObjectOf<K extends Kind> = Extract<ApiObject, { object: (typeof KINDS)[K] }>

export type Terms = {
  amount: number
  currency: string
  description: string | null
  metadata: Stripe.Metadata
}

type Prefix = 'pi' | 'ch' | 're' | 'txn' | 'dp' | 'evt' | 'pm' | 'cs'

/** `length` random hexadecimal digits, at most 32. */
export function randomText(length: number): string {
  return randomUUID().replaceAll('-', '').slice(0, length)
}

/** An id of the form Stripe uses: a prefix that names the type, the time (new ids lie together in an index), and chance. */
export function newId(prefix: Prefix): string {
  return `${prefix}_${prefix === 'cs' ? 'test_' : '3'}${Date.now().toString(16)}${randomText(12)}`
}

/** What every object begins with. */
function made<O extends string>(prefix: Prefix, object: O, now: number) {
  return { id: newId(prefix), object, created: now }
}

/** An intent that waits for its confirmation, or for a payment method first. */
export function newIntent(now: number, terms: Terms, payment_method: string | null) {
  const begun = made('pi', 'payment_intent', now)
  return {
    ...begun,
    ...terms,
    amount_received: 0,
    canceled_at: null as number | null,
    cancellation_reason: null as Stripe.PaymentIntent.CancellationReason | null,
    client_secret: `${begun.id}_secret_${randomText(25)}`,
    last_payment_error: null as (StripeErrorBody & { payment_method: object }) | null,
    latest_charge: null as string | null,
    next_action: null as object | null,
    payment_method,
    status: (payment_method === null
      ? 'requires_payment_method'
      : 'requires_confirmation') as Stripe.PaymentIntent.Status,
  }
}

/** The outcome of one attempt: a charge that succeeded, or one that the bank refused for this reason. */
export function newCharge(now: number, intent: Intent, card: object, why: Decline | null) {
  const { amount, currency, description, metadata, payment_method } = intent
  const paid = why === null
  return {
    ...made('ch', 'charge', now),
    amount,
    amount_captured: paid ? amount : 0,
    amount_refunded: 0,
    balance_transaction: null as string | null,
    captured: paid,
    currency,
    description,
    disputed: false,
    failure_code: why?.code ?? null,
    metadata,
    paid,
    payment_intent: intent.id,
    payment_method,
    payment_method_details: { card, type: 'card' },
    refunded: false,
    status: paid ? 'succeeded' : 'failed',
  }
}

export type RefundTerms = { reason: string | null; metadata: Stripe.Metadata }

export function newRefund(
  now: number,
  charge: Charge,
  terms: RefundTerms & { amount: number },
  status: 'pending' | 'succeeded',
) {
  return {
    ...made('re', 'refund', now),
    ...terms,
    balance_transaction: null as string | null,
    charge: charge.id,
    currency: charge.currency,
    failure_balance_transaction: null as string | null,
    failure_reason: null as string | null,
    payment_intent: charge.payment_intent,
    status: status as 'pending' | 'succeeded' | 'failed',
  }
}

type Category = 'charge' | 'refund' | 'refund_failure' | 'dispute' | 'dispute_reversal'
export type Movement = { amount: number; fee: number; source: string; reporting_category: Category }

/** `amount` is what comes in (negative: goes out) before the fee, `net` what is left of it after. */
export function newBalanceTransaction(now: number, { currency }: Charge, movement: Movement) {
  const { amount, fee, reporting_category } = movement
  return {
    ...made('txn', 'balance_transaction', now),
    ...movement,
    currency,
    net: amount - fee,
    type: reporting_category.startsWith('dispute') ? 'adjustment' : reporting_category,
  }
}

export function newDispute(now: number, charge: Charge, amount: number, reason: string) {
  return {
    ...made('dp', 'dispute', now),
    amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    currency: charge.currency,
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response' as 'needs_response' | 'won' | 'lost',
  }
}

export type SessionTerms = {
  amount_total: number
  currency: string
  cancel_url: string | null
  metadata: Stripe.Metadata
  success_url: string
}

/** An open Checkout Session whose page is below `origin`. */
export function newSession(now: number, terms: SessionTerms, expires_at: number, origin: string) {
  const begun = made('cs', 'checkout.session', now)
  return {
    ...begun,
    ...terms,
    expires_at,
    payment_intent: null as string | null,
    payment_status: 'unpaid' as 'unpaid' | 'paid',
    status: 'open' as Stripe.Checkout.Session.Status,
    url: `${origin}/c/pay/${begun.id}` as string | null,
  }
}

export function newEvent(now: number, type: string, object: Subject, pending_webhooks: number, request: Cause) {
  return {
    ...made('evt', 'event', now),
    api_version: API_VERSION,
    data: { object },
    pending_webhooks,
    request,
    type,
  }
}
