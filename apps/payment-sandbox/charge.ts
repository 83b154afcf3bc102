import { billingDetails, type Card, chargedCard, type Decline } from './cards.ts'
import { newId } from './ids.ts'
import type { BalanceTransaction, Charge, Intent } from './objects.ts'
import type { Tx } from './transaction.ts'

/** 1.5 % and 25 minor units, whatever the currency: a plain figure for a ledger to book, not a price list. */
export function feeOn(amount: number): number {
  return Math.floor((amount * 15 + 500) / 1000) + 25
}

/** A movement of the account's balance; `net` is what is left of it after the fee. */
export function balanceTransaction(
  tx: Tx,
  charge: Charge,
  entry: {
    type: 'charge' | 'refund' | 'refund_failure' | 'adjustment'
    amount: number
    fee: number
    source: string
    category?: string
  },
): BalanceTransaction {
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount: entry.amount,
    available_on: tx.now + 2 * 86_400,
    balance_type: 'payments',
    created: tx.now,
    currency: charge.currency,
    description: charge.description,
    exchange_rate: null,
    fee: entry.fee,
    fee_details:
      entry.fee === 0
        ? []
        : [
            {
              amount: entry.fee,
              application: null,
              currency: charge.currency,
              description: entry.type === 'charge' ? 'Stripe processing fees' : 'Dispute fee',
              type: 'stripe_fee',
            },
          ],
    net: entry.amount - entry.fee,
    reporting_category: entry.category ?? entry.type,
    source: entry.source,
    status: 'pending',
    type: entry.type,
  }
}

export function outcomeOf(decline: Decline | null): Charge['outcome'] {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
    reason: decline?.decline_code ?? null,
    risk_level: 'normal',
    risk_score: 8,
    seller_message:
      decline === null ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: decline === null ? 'authorized' : 'issuer_declined',
  }
}

/** A charge before the bank has answered. */
export function newCharge(tx: Tx, intent: Intent, card: Card, authenticated: boolean): Charge {
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: billingDetails(intent.receipt_email),
    calculated_statement_descriptor: 'TESSERA',
    captured: false,
    created: tx.now,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: { card: chargedCard(card, intent.amount, tx.now, authenticated), type: 'card' },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  }
}
