import { createSession, expireSession, sessionAt } from '../checkout.ts'
import {
  AMOUNT_MAX,
  type Authorized,
  cancelIntent,
  confirmIntent,
  createIntent,
  currencyOf,
  type IntentUpdate,
  sessionOf,
  updateIntent,
} from '../intent.ts'
import type { Charge, Intent, Kind, Session } from '../objects.ts'
import { createRefund, REFUND_REASONS } from '../refund.ts'
import { badParameter, documented, missing, type StripeErrorBody, unexpectedState } from '../refusal.ts'
import type { Condition } from '../store.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'
import { named, page } from './read.ts'

/** One request to one endpoint: `id` is the object in the path ('' without one). */
export type Call = { tx: Tx; id: string; params: Params }
/** A refused payment is an outcome, not an exception: it has changed the intent. */
export type Reply = { kind: 'ok'; body: object } | { kind: 'declined'; error: StripeErrorBody }
export type Verb = (call: Call) => Reply

const CANCELLATION_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const
const EVENT_TYPES_MAX = 20

/** Every endpoint under `/v1`: the part of Stripe's API that Tessera uses. */
export const ENDPOINTS: readonly (readonly ['GET' | 'POST', string, Verb])[] = [
  ['POST', '/payment_intents', create],
  ['GET', '/payment_intents', listOf('payment_intents')],
  ['GET', '/payment_intents/:id', one('payment_intents')],
  ['POST', '/payment_intents/:id', update],
  ['POST', '/payment_intents/:id/confirm', confirm],
  ['POST', '/payment_intents/:id/cancel', cancel],
  ['POST', '/checkout/sessions', createCheckout],
  ['GET', '/checkout/sessions', listOf('checkout_sessions', 'payment_intent')],
  ['GET', '/checkout/sessions/:id', (call) => ok(session(call))],
  ['POST', '/checkout/sessions/:id/expire', (call) => ok(expireSession(call.tx, session(call)))],
  ['GET', '/charges', listOf('charges', 'payment_intent')],
  ['GET', '/charges/:id', one('charges')],
  ['GET', '/disputes', listOf('disputes', 'payment_intent', 'charge')],
  ['GET', '/disputes/:id', one('disputes')],
  ['GET', '/balance_transactions', listOf('balance_transactions', 'source', 'type', 'currency')],
  ['GET', '/balance_transactions/:id', one('balance_transactions')],
  ['POST', '/refunds', refund],
  ['GET', '/refunds', listOf('refunds', 'payment_intent', 'charge')],
  ['GET', '/refunds/:id', one('refunds')],
  ['GET', '/events', listEvents],
  ['GET', '/events/:id', one('events')],
]

function ok(body: object): Reply {
  return { kind: 'ok', body }
}

function one(kind: Kind): Verb {
  return ({ tx, id, params }) => {
    params.ignore('client_secret')
    params.close()
    return ok(named(tx, kind, id))
  }
}

/** All objects of a kind, or those whose fields are what the parameters of these names say. */
function listOf(kind: Kind, ...fields: readonly string[]): Verb {
  return ({ tx, params }) => {
    const filter = fields.flatMap((name) => {
      const value = params.text(name)
      const column = name === 'payment_intent' ? 'intent' : `body ->> '${name}'`
      return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }]
    })
    return ok(page(tx, kind, params, filter))
  }
}

/** `charge.*` means every type that begins with `charge.`. */
function listEvents({ tx, params }: Call): Reply {
  const type = params.text('type')
  const types = [...params.texts('types'), ...(type === undefined ? [] : [type])]
  if (types.length > EVENT_TYPES_MAX) {
    throw badParameter('types', 'parameter_invalid_array', `At most ${EVENT_TYPES_MAX} types.`)
  }
  const filter: Condition[] = []
  const values = types.map((each) => each.replaceAll(/[?[\]]/g, ''))
  if (types.length > 0) filter.push({ sql: `(${types.map(() => 'type glob ?').join(' or ')})`, values })
  const delivered = params.flag('delivery_success')
  if (delivered !== undefined) filter.push({ sql: `pending = ${delivered ? 0 : 1}`, values: [] })
  return ok(page(tx, 'events', params, filter))
}

function create({ tx, params }: Call): Reply {
  const terms = {
    amount: params.needWhole('amount', 1, AMOUNT_MAX),
    currency: currencyOf(params.need('currency')),
    metadata: params.metadata({}),
    description: params.text('description', 1000) ?? null,
    receipt_email: params.text('receipt_email', 512) ?? null,
  }
  const return_url = params.url('return_url') ?? null
  const payment_method = params.text('payment_method') ?? null
  const confirm = params.flag('confirm') ?? false
  params.choice('capture_method', ['automatic', 'automatic_async'])
  params.ignore('automatic_payment_methods', 'payment_method_types', 'payment_method_options')
  params.ignore('confirmation_method', 'off_session', 'use_stripe_sdk')
  params.close()
  return answer(createIntent(tx, { terms, return_url, payment_method, confirm }))
}

function update({ tx, id, params }: Call): Reply {
  const intent = named(tx, 'payment_intents', id)
  const currency = params.text('currency')
  const update: IntentUpdate = {
    amount: params.whole('amount', 1, AMOUNT_MAX),
    currency: currency === undefined ? undefined : currencyOf(currency),
    description: params.text('description', 1000),
    receipt_email: params.text('receipt_email', 512),
    payment_method: params.text('payment_method'),
    metadata: params.metadata(intent.metadata),
  }
  params.ignore('payment_method_types', 'payment_method_options')
  params.close()
  return ok(updateIntent(tx, intent, update))
}

function confirm({ tx, id, params }: Call): Reply {
  const intent = named(tx, 'payment_intents', id)
  const input = {
    payment_method: params.text('payment_method') ?? null,
    return_url: params.url('return_url') ?? null,
    receipt_email: params.text('receipt_email', 512) ?? null,
  }
  params.ignore('off_session', 'payment_method_options', 'use_stripe_sdk', 'client_secret')
  params.close()
  refuseOfCheckout(tx, intent, 'confirm')
  return answer(confirmIntent(tx, intent, input))
}

function cancel({ tx, id, params }: Call): Reply {
  const intent = named(tx, 'payment_intents', id)
  const reason = params.choice('cancellation_reason', CANCELLATION_REASONS) ?? null
  params.close()
  refuseOfCheckout(tx, intent, 'cancel')
  return ok(cancelIntent(tx, intent, reason))
}

/** An intent of a session belongs to its page: Stripe lets nobody else confirm or cancel it. */
function refuseOfCheckout(tx: Tx, intent: Intent, verb: string): void {
  if (sessionOf(tx, intent) === undefined) return
  const message = `You cannot ${verb} this PaymentIntent because it was created by Checkout. Expire the Checkout Session instead.`
  throw unexpectedState('payment_intent_unexpected_state', message)
}

function answer({ intent, error }: Authorized): Reply {
  if (error === null) return ok(intent)
  const { payment_method } = intent.last_payment_error ?? {}
  const tried = payment_method === undefined ? {} : { payment_method }
  return { kind: 'declined', error: documented({ ...error, ...tried, payment_intent: intent }) }
}

function createCheckout({ tx, params }: Call): Reply {
  params.need('mode')
  params.choice('mode', ['payment'])
  params.need('success_url')
  const customer_email = params.text('customer_email', 512) ?? null
  const terms = {
    ...totalOf(params),
    cancel_url: params.url('cancel_url') ?? null,
    client_reference_id: params.text('client_reference_id', 200) ?? null,
    customer_email,
    metadata: params.metadata({}),
    success_url: params.url('success_url') ?? '',
  }
  const intent_data = {
    description: params.text('payment_intent_data[description]', 1000) ?? null,
    metadata: params.metadata({}, 'payment_intent_data[metadata]'),
    receipt_email: params.text('payment_intent_data[receipt_email]', 512) ?? customer_email,
  }
  const expires_at = params.whole('expires_at', 0, Number.MAX_SAFE_INTEGER) ?? null
  params.ignore('payment_method_types')
  params.close()
  return ok(createSession(tx, terms, intent_data, expires_at))
}

/** The sum of the line items, which must be of one currency. */
function totalOf(params: Params): { amount_total: number; currency: string } {
  const lines = params.keys('line_items').map((key) => {
    const line = `line_items[${key}]`
    params.need(`${line}[price_data][product_data][name]`)
    params.text(`${line}[price_data][product_data][description]`)
    const currency = currencyOf(params.need(`${line}[price_data][currency]`))
    const amount = params.needWhole(`${line}[price_data][unit_amount]`, 0, AMOUNT_MAX)
    return { currency, amount: amount * params.needWhole(`${line}[quantity]`, 1, 1_000_000) }
  })
  const currency = lines[0]?.currency ?? params.need('line_items')
  if (lines.some((line) => line.currency !== currency)) {
    throw badParameter('line_items', 'parameter_invalid_string', 'All line items must have one currency.')
  }
  return { amount_total: lines.reduce((sum, line) => sum + line.amount, 0), currency }
}

function session({ tx, id, params }: Call): Session {
  params.close()
  const found = sessionAt(tx, id)
  if (found === undefined) throw missing('checkout.session', id, 'session', 404)
  return found
}

function refund({ tx, params }: Call): Reply {
  const charge_id = params.text('charge')
  const intent_id = params.text('payment_intent')
  const amount = params.whole('amount', 1, AMOUNT_MAX) ?? null
  const reason = params.choice('reason', REFUND_REASONS) ?? null
  const metadata = params.metadata({})
  params.close()
  const charge = charge_id === undefined ? chargeOfIntent(tx, intent_id) : tx.store.get('charges', charge_id)
  if (charge === undefined) throw missing('charge', charge_id ?? '', 'charge', 400)
  if (intent_id !== undefined && intent_id !== charge.payment_intent) {
    throw badParameter('charge', 'parameter_invalid_string', `Charge ${charge.id} does not belong to ${intent_id}.`)
  }
  return ok(createRefund(tx, { charge, amount, reason, metadata }))
}

function chargeOfIntent(tx: Tx, intent_id: string | undefined): Charge {
  if (intent_id === undefined) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.'
    throw badParameter('charge', 'parameter_missing', message)
  }
  const intent = tx.store.get('payment_intents', intent_id)
  if (intent === undefined) throw missing('payment_intent', intent_id, 'payment_intent', 400)
  const charge = tx.store.get('charges', intent.latest_charge ?? '')
  if (charge?.status === 'succeeded') return charge
  const message = `This PaymentIntent (${intent_id}) does not have a successful charge to refund.`
  throw unexpectedState('payment_intent_unexpected_state', message, { param: 'payment_intent' })
}
