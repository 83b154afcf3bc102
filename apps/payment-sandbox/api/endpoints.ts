import { createSession, expireSession, sessionAt } from '../checkout.ts'
import { sessionOf } from '../follow.ts'
import {
  AMOUNT_MAX,
  type Authorized,
  cancelIntent,
  confirmIntent,
  createIntent,
  currencyOf,
  type IntentUpdate,
  updateIntent,
} from '../intent.ts'
import type { Charge, Intent, Kind } from '../objects.ts'
import { createRefund, REFUND_REASONS, updateRefund } from '../refund.ts'
import { badParameter, missing, unexpectedState } from '../refusal.ts'
import type { Params } from './params.ts'
import { equal, named, page } from './read.ts'
import type { Call, Reply, Verb } from './verb.ts'

const CANCELLATION_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const
const CAPTURE_METHODS = ['automatic', 'automatic_async'] as const
const EVENT_TYPES_MAX = 20

/** Every endpoint under `/v1`: the part of Stripe's API that Tessera uses. */
export const ENDPOINTS: readonly (readonly ['GET' | 'POST', string, Verb])[] = [
  ['POST', '/payment_intents', create],
  ['GET', '/payment_intents', ({ tx, params }) => ok(page(tx, 'payment_intents', params, equal({})))],
  ['GET', '/payment_intents/:id', retrieve],
  ['POST', '/payment_intents/:id', update],
  ['POST', '/payment_intents/:id/confirm', confirm],
  ['POST', '/payment_intents/:id/cancel', cancel],
  ['POST', '/checkout/sessions', createCheckout],
  ['GET', '/checkout/sessions', listOf('checkout_sessions')],
  ['GET', '/checkout/sessions/:id', (call) => ok(closed(call, sessionOfCall(call)))],
  ['POST', '/checkout/sessions/:id/expire', (call) => ok(expireSession(call.tx, closed(call, sessionOfCall(call))))],
  ['GET', '/charges', listOf('charges')],
  ['GET', '/charges/:id', one('charges')],
  ['GET', '/disputes', listOf('disputes')],
  ['GET', '/disputes/:id', one('disputes')],
  ['GET', '/balance_transactions', listTransactions],
  ['GET', '/balance_transactions/:id', one('balance_transactions')],
  ['POST', '/refunds', createRefundCall],
  ['GET', '/refunds', listOf('refunds')],
  ['GET', '/refunds/:id', one('refunds')],
  ['POST', '/refunds/:id', refundUpdate],
  ['GET', '/events', listEvents],
  ['GET', '/events/:id', one('events')],
]

function ok(body: object): Reply {
  return { kind: 'ok', body }
}

function one(kind: Kind): Verb {
  return (call) => ok(closed(call, named(call.tx, kind, call.id)))
}

/** All objects of a kind, or those of one intent or charge (none of an unknown one). */
function listOf(kind: Kind): Verb {
  return ({ tx, params }) => {
    const charge = params.text('charge')
    const known = charge === undefined ? undefined : (tx.store.get('charges', charge)?.payment_intent ?? '')
    const filter = { intent: params.text('payment_intent') ?? known, "body ->> 'charge'": charge }
    return ok(page(tx, kind, params, equal(filter)))
  }
}

function closed<T>({ params }: Call, object: T): T {
  params.close()
  return object
}

function create({ tx, params }: Call): Reply {
  const automatic = params.group('automatic_payment_methods')
  const enabled = automatic.flag('enabled')
  const allow_redirects = automatic.choice('allow_redirects', ['always', 'never']) ?? 'always'
  automatic.close()
  const methods = params.texts('payment_method_types')
  const input = {
    amount: params.whole('amount', 1, AMOUNT_MAX) ?? needed('amount'),
    currency: currencyOf(params.need('currency')),
    metadata: params.metadata({}),
    description: params.text('description', 1000) ?? null,
    receipt_email: params.text('receipt_email', 512) ?? null,
    return_url: params.url('return_url') ?? null,
    automatic_payment_methods: enabled === undefined ? null : { enabled, allow_redirects },
    payment_method_types: methods.length > 0 ? methods : ['card'],
    capture_method: params.choice('capture_method', CAPTURE_METHODS) ?? 'automatic_async',
    payment_method: params.text('payment_method') ?? null,
    confirm: params.flag('confirm') ?? false,
  } as const
  params.ignore('confirmation_method', 'off_session', 'payment_method_options', 'use_stripe_sdk')
  params.close()
  return answer(createIntent(tx, input))
}

function retrieve({ tx, id, params }: Call): Reply {
  params.ignore('client_secret')
  params.close()
  return ok(named(tx, 'payment_intents', id))
}

function update({ tx, id, params }: Call): Reply {
  const intent = named(tx, 'payment_intents', id)
  const update: IntentUpdate = { metadata: params.metadata(intent.metadata) }
  const amount = params.whole('amount', 1, AMOUNT_MAX)
  const currency = params.text('currency')
  const description = params.text('description', 1000)
  const receipt_email = params.text('receipt_email', 512)
  const payment_method = params.text('payment_method')
  params.ignore('payment_method_types', 'payment_method_options')
  params.close()
  if (amount !== undefined) update.amount = amount
  if (currency !== undefined) update.currency = currencyOf(currency)
  if (description !== undefined) update.description = description === '' ? null : description
  if (receipt_email !== undefined) update.receipt_email = receipt_email === '' ? null : receipt_email
  if (payment_method !== undefined) update.payment_method = payment_method
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
  refuseForeign(sessionOf(tx, intent), 'confirm')
  return answer(confirmIntent(tx, intent, input))
}

function cancel({ tx, id, params }: Call): Reply {
  const intent = named(tx, 'payment_intents', id)
  const reason = params.choice('cancellation_reason', CANCELLATION_REASONS) ?? null
  params.close()
  refuseForeign(sessionOf(tx, intent), 'cancel')
  return ok(cancelIntent(tx, intent, reason))
}

/** An intent of a session is its page's: Stripe lets nobody else confirm or cancel it. */
function refuseForeign(session: object | undefined, verb: string): void {
  if (session === undefined) return
  const message = `You cannot ${verb} this PaymentIntent because it was created by Checkout. Expire the Checkout Session instead.`
  throw unexpectedState('payment_intent_unexpected_state', message)
}

function answer(authorized: Authorized): Reply {
  const { intent } = authorized
  if (authorized.kind === 'settled') return ok(intent)
  const doc_url = `https://stripe.com/docs/error-codes/${(authorized.error.code ?? '').replaceAll('_', '-')}`
  const payment_method = intent.last_payment_error?.['payment_method']
  return { kind: 'declined', error: { ...authorized.error, doc_url, payment_intent: intent, payment_method } }
}

function createCheckout({ tx, params }: Call): Reply {
  if (params.choice('mode', ['payment']) === undefined) needed('mode')
  params.texts('payment_method_types')
  const { amount_total, currency } = totalOf(params)
  const data = params.group('payment_intent_data')
  const customer_email = params.text('customer_email', 512) ?? null
  const intent_data = {
    description: data.text('description', 1000) ?? null,
    metadata: data.metadata({}),
    receipt_email: data.text('receipt_email', 512) ?? customer_email,
  }
  data.close()
  params.need('success_url')
  const input = {
    amount_total,
    currency,
    cancel_url: params.url('cancel_url') ?? null,
    client_reference_id: params.text('client_reference_id', 200) ?? null,
    customer_email,
    metadata: params.metadata({}),
    success_url: params.url('success_url') ?? '',
    expires_at: params.whole('expires_at', 0, Number.MAX_SAFE_INTEGER) ?? null,
    intent_data,
  }
  params.close()
  return ok(createSession(tx, input))
}

/** The sum of the line items, which must be of one currency. */
function totalOf(params: Params): { amount_total: number; currency: string } {
  const lines = params.groups('line_items').map((line) => {
    const price = line.group('price_data')
    const product = price.group('product_data')
    product.need('name')
    product.text('description')
    product.close()
    const currency = currencyOf(price.need('currency'))
    const amount = price.whole('unit_amount', 0, AMOUNT_MAX) ?? needed('line_items[0][price_data][unit_amount]')
    price.close()
    const quantity = line.whole('quantity', 1, 1_000_000) ?? needed('line_items[0][quantity]')
    line.close()
    return { currency, amount: amount * quantity }
  })
  const currency = lines[0]?.currency ?? needed('line_items')
  if (lines.some((line) => line.currency !== currency)) {
    throw badParameter('line_items', 'parameter_invalid_string', 'All line items must have one currency.')
  }
  return { amount_total: lines.reduce((sum, line) => sum + line.amount, 0), currency }
}

function sessionOfCall({ tx, id }: Call) {
  const session = sessionAt(tx, id)
  if (session === undefined) throw missing('checkout.session', id, 'session', 404)
  return session
}

function createRefundCall({ tx, params }: Call): Reply {
  const charge_id = params.text('charge')
  const intent_id = params.text('payment_intent')
  const input = {
    amount: params.whole('amount', 1, AMOUNT_MAX) ?? null,
    reason: params.choice('reason', REFUND_REASONS) ?? null,
    metadata: params.metadata({}),
  }
  params.close()
  const charge = charge_id === undefined ? chargeOfIntent(tx, intent_id) : tx.store.get('charges', charge_id)
  if (charge === undefined) throw missing('charge', charge_id ?? '', 'charge', 400)
  if (intent_id !== undefined && intent_id !== charge.payment_intent) {
    throw badParameter('charge', 'parameter_invalid_string', `Charge ${charge.id} does not belong to ${intent_id}.`)
  }
  return ok(createRefund(tx, { ...input, charge }))
}

function chargeOfIntent(tx: Call['tx'], intent_id: string | undefined): Charge {
  if (intent_id === undefined) {
    const message = 'One of the following params should be provided for this request: payment_intent or charge.'
    throw badParameter('charge', 'parameter_missing', message)
  }
  const intent: Intent | undefined = tx.store.get('payment_intents', intent_id)
  if (intent === undefined) throw missing('payment_intent', intent_id, 'payment_intent', 400)
  const charge = tx.store.get('charges', intent.latest_charge ?? '')
  if (charge?.status === 'succeeded') return charge
  const message = `This PaymentIntent (${intent_id}) does not have a successful charge to refund.`
  throw unexpectedState('payment_intent_unexpected_state', message, { param: 'payment_intent' })
}

function refundUpdate({ tx, id, params }: Call): Reply {
  const refund = named(tx, 'refunds', id)
  const metadata = params.metadata(refund.metadata)
  params.close()
  return ok(updateRefund(tx, refund, metadata))
}

function listTransactions({ tx, params }: Call): Reply {
  const filter = {
    "body ->> 'source'": params.text('source'),
    "body ->> 'type'": params.text('type'),
    "body ->> 'currency'": params.text('currency')?.toLowerCase(),
  }
  return ok(page(tx, 'balance_transactions', params, equal(filter)))
}

/** `charge.*` means every type that begins with `charge.`. */
function listEvents({ tx, params }: Call): Reply {
  const type = params.text('type')
  const types = [...params.texts('types'), ...(type === undefined ? [] : [type])]
  if (types.length > EVENT_TYPES_MAX) {
    throw badParameter('types', 'parameter_invalid_array', `At most ${EVENT_TYPES_MAX} types.`)
  }
  const delivered = params.flag('delivery_success')
  const where = types.length === 0 ? [] : [`(${types.map(() => 'type glob ?').join(' or ')})`]
  if (delivered !== undefined) where.push(`pending = ${delivered ? 0 : 1}`)
  return ok(page(tx, 'events', params, { where, values: types.map((each) => each.replaceAll(/[?[\]]/g, '')) }))
}

function needed(param: string): never {
  throw badParameter(param, 'parameter_missing', `Missing required param: ${param}.`)
}
