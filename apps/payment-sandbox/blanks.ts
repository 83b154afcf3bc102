import type Stripe from 'stripe'
import type { BalanceTransaction, Charge, Intent, StripeEvent } from './objects.ts'

/**
 * The objects before anything has happened to them. Everything that is the same in (nearly) all of them stands here
 * once: new objects share it, and the journal leaves it out (`pack.ts`). A field's default may be changed at any time
 * for new objects, but with it changes what old journals mean: they live as long as a development database.
 */
export const NO_BILLING_DETAILS: Stripe.Charge.BillingDetails = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
}

export const APPROVED: NonNullable<Charge['outcome']> = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 8,
  seller_message: 'Payment complete.',
  type: 'authorized',
}

const CARD_ONLY = ['card']
const NO_METADATA = {}

/** The version of the API whose shapes we speak: the one that the installed SDK is pinned to (a test compares them). */
export const API_VERSION = '2026-08-26.dahlia'

export const BLANK_INTENT: Intent = {
  id: '',
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount: 0,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic_async',
  client_secret: null,
  confirmation_method: 'automatic',
  created: 0,
  currency: '',
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  metadata: NO_METADATA,
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
  },
  payment_method_types: CARD_ONLY,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_data: null,
  transfer_group: null,
}

export const BLANK_CHARGE: Charge = {
  id: '',
  object: 'charge',
  amount: 0,
  amount_captured: 0,
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  billing_details: NO_BILLING_DETAILS,
  calculated_statement_descriptor: 'TESSERA',
  captured: false,
  created: 0,
  currency: '',
  customer: null,
  description: null,
  disputed: false,
  failure_balance_transaction: null,
  failure_code: null,
  failure_message: null,
  fraud_details: {},
  livemode: false,
  metadata: NO_METADATA,
  on_behalf_of: null,
  outcome: APPROVED,
  paid: false,
  payment_intent: '',
  payment_method: null,
  payment_method_details: null,
  receipt_email: null,
  receipt_number: null,
  receipt_url: null,
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'pending',
  transfer_data: null,
  transfer_group: null,
}

export const BLANK_TRANSACTION: BalanceTransaction = {
  id: '',
  object: 'balance_transaction',
  amount: 0,
  available_on: 0,
  balance_type: 'payments',
  created: 0,
  currency: '',
  description: null,
  exchange_rate: null,
  fee: 0,
  fee_details: [],
  net: 0,
  reporting_category: 'charge',
  source: '',
  status: 'pending',
  type: 'charge',
}

export const BLANK_EVENT: Omit<StripeEvent, 'type' | 'data'> = {
  id: '',
  object: 'event',
  api_version: API_VERSION,
  created: 0,
  livemode: false,
  pending_webhooks: 0,
  request: { id: null, idempotency_key: null },
}
