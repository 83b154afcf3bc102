import type { Authorized } from '../authorize.ts'
import { BLANK_INTENT } from '../blanks.ts'
import {
  AMOUNT_MAX,
  cancelIntent,
  confirmIntent,
  createIntent,
  currencyOf,
  type IntentUpdate,
  updateIntent,
} from '../intent.ts'
import type { Intent } from '../objects.ts'
import { badParameter, missing } from '../refusal.ts'
import type { State } from '../state.ts'
import { page } from './list.ts'
import type { Params } from './params.ts'
import type { Call, Reply } from './serve.ts'

const CANCELLATION_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const
const CAPTURE_METHODS = ['automatic', 'automatic_async'] as const

export function create({ tx, params }: Call): Reply {
  const automatic = automaticMethods(params)
  const methods = params.texts('payment_method_types')
  const input = {
    amount: amountOf(params) ?? needAmount(),
    currency: currencyOf(params.need('currency')),
    metadata: params.metadata({}),
    description: params.text('description', 1000) ?? null,
    receipt_email: params.text('receipt_email', 512) ?? null,
    statement_descriptor: params.text('statement_descriptor', 22) ?? null,
    statement_descriptor_suffix: params.text('statement_descriptor_suffix', 22) ?? null,
    transfer_group: params.text('transfer_group') ?? null,
    return_url: params.url('return_url') ?? null,
    automatic_payment_methods: automatic,
    payment_method_types: methods.length > 0 ? methods : BLANK_INTENT.payment_method_types,
    capture_method: params.choice('capture_method', CAPTURE_METHODS) ?? 'automatic_async',
    payment_method: params.text('payment_method') ?? null,
    confirm: params.flag('confirm') ?? false,
  } as const
  params.ignore('confirmation_method', 'off_session', 'payment_method_options', 'use_stripe_sdk')
  params.close()
  return answer(createIntent(tx, input))
}

export function retrieve({ tx, id, params }: Call): Reply {
  // Sent by browsers that hold nothing but the secret; with a secret key it is only checked.
  const secret = params.text('client_secret')
  params.close()
  const intent = intentAt(tx.state, id)
  if (secret !== undefined && secret !== intent.client_secret) {
    throw badParameter(
      'client_secret',
      'parameter_invalid_string',
      'The client_secret provided does not match this PaymentIntent.',
    )
  }
  return { kind: 'ok', body: intent }
}

export function list({ tx, params }: Call): Reply {
  return { kind: 'ok', body: page(tx.state.intents, params, '/v1/payment_intents', () => true) }
}

export function update({ tx, id, params }: Call): Reply {
  const intent = intentAt(tx.state, id)
  const update: IntentUpdate = { metadata: params.metadata(intent.metadata) }
  const amount = amountOf(params)
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
  return { kind: 'ok', body: updateIntent(tx, intent, update) }
}

export function confirm({ tx, id, params }: Call): Reply {
  const intent = intentAt(tx.state, id)
  const input = {
    payment_method: params.text('payment_method') ?? null,
    return_url: params.url('return_url') ?? null,
    receipt_email: params.text('receipt_email', 512) ?? null,
  }
  params.ignore('off_session', 'payment_method_options', 'use_stripe_sdk', 'client_secret')
  params.close()
  return answer(confirmIntent(tx, intent, input))
}

export function cancel({ tx, id, params }: Call): Reply {
  const intent = intentAt(tx.state, id)
  const reason = params.choice('cancellation_reason', CANCELLATION_REASONS) ?? null
  params.close()
  return { kind: 'ok', body: cancelIntent(tx, intent, reason) }
}

function intentAt(state: State, id: string): Intent {
  const intent = state.intents.get(id)
  if (intent === undefined) throw missing('payment_intent', id, 'intent', 404)
  return intent
}

function answer(authorized: Authorized): Reply {
  const { intent } = authorized
  if (authorized.kind === 'settled') return { kind: 'ok', body: intent }
  return {
    kind: 'declined',
    error: {
      ...authorized.error,
      doc_url: `https://stripe.com/docs/error-codes/${(authorized.error.code ?? '').replaceAll('_', '-')}`,
      payment_intent: intent,
      payment_method: intent.last_payment_error?.payment_method,
    },
  }
}

function amountOf(params: Params): number | undefined {
  return params.whole('amount', 1, AMOUNT_MAX)
}

function needAmount(): never {
  throw badParameter('amount', 'parameter_missing', 'Missing required param: amount.')
}

function automaticMethods(params: Params): Intent['automatic_payment_methods'] {
  const group = params.group('automatic_payment_methods')
  const enabled = group.flag('enabled')
  const allow_redirects = group.choice('allow_redirects', ['always', 'never'])
  group.close()
  return enabled === undefined ? null : { enabled, allow_redirects: allow_redirects ?? 'always' }
}
