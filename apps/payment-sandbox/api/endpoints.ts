import { createSession, expireSession, sessionAt } from '../checkout.ts'
import { AMOUNT_MAX, cancelIntent, confirmIntent, createIntent, currencyOf, sessionOf } from '../intent.ts'
import type { Intent, Kind, Session } from '../objects.ts'
import { createRefund, REFUND_REASONS } from '../refund.ts'
import { badParameter, missing, unexpectedState } from '../refusal.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'
import { named, page } from './read.ts'

/** One request to one endpoint: `id` is the object in the path ('' without one). */
export type Call = { tx: Tx; id: string; params: Params }
/** Answers what is sent; under `error`, with 402, for a payment that the bank refused, which has changed its intent. */
export type Verb = (call: Call) => object

const CANCELLATION_REASONS = [...REFUND_REASONS, 'abandoned'] as const

/** Every endpoint under `/v1`: the part of Stripe's API that Tessera uses. */
export const ENDPOINTS: readonly (readonly ['GET' | 'POST', string, Verb])[] = [
  ['POST', '/payment_intents', create],
  ['GET', '/payment_intents', listOf('payment_intents')],
  ['GET', '/payment_intents/:id', one('payment_intents')],
  ['POST', '/payment_intents/:id/confirm', confirm],
  ['POST', '/payment_intents/:id/cancel', cancel],
  ['POST', '/checkout/sessions', createCheckout],
  ['GET', '/checkout/sessions/:id', session],
  ['POST', '/checkout/sessions/:id/expire', (call) => expireSession(call.tx, session(call))],
  ['GET', '/charges', listOf('charges', 'payment_intent')],
  ['GET', '/charges/:id', one('charges')],
  ['GET', '/disputes', listOf('disputes', 'payment_intent', 'charge')],
  ['GET', '/disputes/:id', one('disputes')],
  ['GET', '/balance_transactions', listOf('balance_transactions', 'source', 'type', 'currency')],
  ['GET', '/balance_transactions/:id', one('balance_transactions')],
  ['POST', '/refunds', refund],
  ['GET', '/refunds', listOf('refunds', 'payment_intent', 'charge')],
  ['GET', '/refunds/:id', one('refunds')],
  ['GET', '/events', listOf('events')],
  ['GET', '/events/:id', one('events')],
]

function one(kind: Kind): Verb {
  return ({ tx, id, params }) => {
    params.close()
    return named(tx, kind, id)
  }
}

/** All objects of a kind, or those whose fields are what the parameters of these names say. */
function listOf(kind: Kind, ...fields: readonly string[]): Verb {
  return ({ tx, params }) => page(tx, kind, params, fields)
}

function create({ tx, params }: Call): object {
  const terms = {
    amount: params.needWhole('amount', 1, AMOUNT_MAX),
    currency: currencyOf(params.need('currency')),
    metadata: params.metadata('metadata'),
    description: params.text('description', 1000) ?? null,
  }
  const input = { payment_method: params.text('payment_method') ?? null, return_url: params.url('return_url') ?? null }
  const confirm = params.flag('confirm') ?? false
  params.ignore('automatic_payment_methods', 'payment_method_types', 'receipt_email')
  params.close()
  const intent = createIntent(tx, terms, input)
  return confirm ? paidOrDeclined(confirmIntent(tx, intent, { payment_method: null, return_url: null })) : intent
}

function confirm({ tx, id, params }: Call): object {
  const intent = named(tx, 'payment_intents', id)
  const input = { payment_method: params.text('payment_method') ?? null, return_url: params.url('return_url') ?? null }
  params.close()
  refuseOfCheckout(tx, intent, 'confirm')
  return paidOrDeclined(confirmIntent(tx, intent, input))
}

function cancel({ tx, id, params }: Call): object {
  const intent = named(tx, 'payment_intents', id)
  const reason = params.choice('cancellation_reason', CANCELLATION_REASONS) ?? null
  params.close()
  refuseOfCheckout(tx, intent, 'cancel')
  return cancelIntent(tx, intent, reason)
}

/** An intent of a session belongs to its page: Stripe lets nobody else confirm or cancel it. */
function refuseOfCheckout(tx: Tx, intent: Intent, verb: string): void {
  if (sessionOf(tx, intent) === undefined) return
  const message = `You cannot ${verb} this PaymentIntent because it was created by Checkout. Expire the Checkout Session.`
  throw unexpectedState('payment_intent_unexpected_state', message)
}

function paidOrDeclined(intent: Intent): object {
  const { last_payment_error } = intent
  return last_payment_error === null ? intent : { error: { ...last_payment_error, payment_intent: intent } }
}

function createCheckout({ tx, params }: Call): object {
  params.need('mode')
  params.choice('mode', ['payment'])
  params.need('success_url')
  const terms = {
    ...totalOf(params),
    cancel_url: params.url('cancel_url') ?? null,
    metadata: params.metadata('metadata'),
    success_url: params.url('success_url') ?? '',
  }
  const intent_data = {
    description: params.text('payment_intent_data[description]', 1000) ?? null,
    metadata: params.metadata('payment_intent_data[metadata]'),
  }
  const expires_at = params.whole('expires_at', 0, Number.MAX_SAFE_INTEGER) ?? null
  params.ignore('payment_method_types', 'client_reference_id', 'customer_email')
  params.close()
  return createSession(tx, terms, intent_data, expires_at)
}

/** The one line item: what Tessera sends. Stripe adds up any number of them. */
function totalOf(params: Params): { amount_total: number; currency: string } {
  const line = 'line_items[0]'
  params.need(`${line}[price_data][product_data][name]`)
  const currency = currencyOf(params.need(`${line}[price_data][currency]`))
  const amount = params.needWhole(`${line}[price_data][unit_amount]`, 0, AMOUNT_MAX)
  return { currency, amount_total: amount * params.needWhole(`${line}[quantity]`, 1, 1_000_000) }
}

function session({ tx, id, params }: Call): Session {
  params.close()
  const found = sessionAt(tx, id)
  if (found === undefined) throw missing('checkout.session', id, 'session', 404)
  return found
}

function refund({ tx, params }: Call): object {
  const intent_id = params.text('payment_intent')
  const charge_id = params.text('charge') ?? latestChargeOf(tx, intent_id)
  const amount = params.whole('amount', 1, AMOUNT_MAX) ?? null
  const reason = params.choice('reason', REFUND_REASONS) ?? null
  const metadata = params.metadata('metadata')
  params.close()
  const charge = tx.store.get('charges', charge_id)
  if (charge === undefined) throw missing('charge', charge_id, 'charge', 400)
  if (intent_id !== undefined && intent_id !== charge.payment_intent) {
    throw badParameter('charge', 'parameter_invalid_string', `Charge ${charge.id} does not belong to ${intent_id}.`)
  }
  return createRefund(tx, charge, { amount, reason, metadata })
}

function latestChargeOf(tx: Tx, intent_id: string | undefined): string {
  if (intent_id === undefined) throw badParameter('charge', 'parameter_missing', 'Provide payment_intent or charge.')
  const intent = tx.store.get('payment_intents', intent_id)
  if (intent === undefined) throw missing('payment_intent', intent_id, 'payment_intent', 400)
  if (intent.status === 'succeeded' && intent.latest_charge !== null) return intent.latest_charge
  const message = `This PaymentIntent (${intent_id}) does not have a successful charge to refund.`
  throw unexpectedState('payment_intent_unexpected_state', message, { param: 'payment_intent' })
}
