import { APPROVED, BLANK_CHARGE, BLANK_TRANSACTION, NO_BILLING_DETAILS } from './blanks.ts'
import { type Card, chargedCard, type Decline } from './cards.ts'
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
    ...BLANK_TRANSACTION,
    id: newId('txn'),
    amount: entry.amount,
    available_on: tx.now + 2 * 86_400,
    created: tx.now,
    currency: charge.currency,
    description: charge.description,
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
    type: entry.type,
  }
}

export function outcomeOf(decline: Decline): NonNullable<Charge['outcome']> {
  return {
    ...APPROVED,
    network_status: 'declined_by_network',
    reason: decline.decline_code,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
}

/** A charge before the bank has answered. */
export function newCharge(tx: Tx, intent: Intent, card: Card, authenticated: boolean): Charge {
  const { amount, currency, description, metadata, receipt_email } = intent
  return {
    ...BLANK_CHARGE,
    id: newId('ch'),
    amount,
    billing_details: receipt_email === null ? NO_BILLING_DETAILS : { ...NO_BILLING_DETAILS, email: receipt_email },
    created: tx.now,
    currency,
    description,
    metadata,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    payment_method_details: { card: chargedCard(card, amount, tx.now, authenticated), type: 'card' },
    receipt_email,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_group: intent.transfer_group,
  }
}
