import { balanceTransaction } from './balance.ts'
import { type Charge, type Dispute, newId } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { emit, type Tx } from './transaction.ts'

const DISPUTE_FEE = 1500

/** What a bank may give as a reason (Stripe's list, shortened to what a ticket buyer says). */
export const DISPUTE_REASONS = [
  'fraudulent',
  'product_not_received',
  'duplicate',
  'credit_not_processed',
  'general',
] as const

/** The buyer's bank takes the money back: the amount and a fee leave the balance at once, as at Stripe. */
export function openDispute(tx: Tx, charge: Charge, input: { reason: string; amount: number }): Dispute {
  const id = newId('dp')
  const fee = DISPUTE_FEE
  const transaction = balanceTransaction(tx, charge, {
    type: 'adjustment',
    category: 'dispute',
    amount: -input.amount,
    fee,
    source: id,
  })
  const dispute: Dispute = {
    id,
    object: 'dispute',
    amount: input.amount,
    balance_transactions: [transaction],
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: input.reason,
    status: 'needs_response',
  }
  tx.store.put('disputes', dispute, charge.payment_intent)
  tx.store.put('charges', { ...charge, disputed: true }, charge.payment_intent)
  tx.store.count(charge.currency, { disputed: input.amount, dispute_fees: fee })
  emit(tx, 'charge.dispute.created', dispute)
  emit(tx, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank decides. Won: the money comes back, the fee does not. Refused when it has decided already. */
export function closeDispute(tx: Tx, dispute: Dispute, charge: Charge, status: 'won' | 'lost'): Dispute {
  if (dispute.status === 'won' || dispute.status === 'lost') {
    throw unexpectedState('dispute_closed', `This dispute is already closed: it was ${dispute.status}.`)
  }
  const returned =
    status === 'lost'
      ? null
      : balanceTransaction(tx, charge, {
          type: 'adjustment',
          category: 'dispute_reversal',
          amount: dispute.amount,
          fee: 0,
          source: dispute.id,
        })
  const next: Dispute = {
    ...dispute,
    status,
    balance_transactions:
      returned === null ? dispute.balance_transactions : [...dispute.balance_transactions, returned],
  }
  tx.store.put('disputes', next, charge.payment_intent)
  emit(tx, 'charge.dispute.closed', next, { status: dispute.status })
  if (returned !== null) {
    tx.store.count(charge.currency, { disputed: -dispute.amount })
    emit(tx, 'charge.dispute.funds_reinstated', next)
  }
  return next
}
