import { type Charge, type Dispute, newDispute } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { book, emit, type Tx } from './transaction.ts'

const DISPUTE_FEE = 1500

/**
 * The buyer's bank takes the money back: the amount (default: all that is left) and a fee leave the balance at once, as
 * at Stripe. Refused for a charge that has less left or is disputed already.
 */
export function openDispute(tx: Tx, charge: Charge, order: { reason?: string; amount?: number }): Dispute {
  const left = charge.amount_captured - charge.amount_refunded
  const { amount = left, reason = 'fraudulent' } = order
  if (charge.status !== 'succeeded' || amount < 1 || amount > left) {
    throw unexpectedState('charge_not_disputable', `${charge.id} cannot be disputed for ${amount}: ${left} is left.`)
  }
  if (tx.store.of('disputes', charge.payment_intent).some((each) => each.status === 'needs_response')) {
    throw unexpectedState('charge_disputed', `Charge ${charge.id} is disputed already.`)
  }
  const dispute = newDispute(tx.now, charge, amount, reason)
  const movement = { reporting_category: 'dispute', amount: -amount, fee: DISPUTE_FEE, source: dispute.id } as const
  dispute.balance_transactions.push(book(tx, charge, movement))
  tx.store.put(dispute)
  tx.store.put({ ...charge, disputed: true })
  emit(tx, 'charge.dispute.created', dispute)
  emit(tx, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank decides. Won: the money comes back, the fee does not. Refused when it has decided already. */
export function closeDispute(tx: Tx, dispute: Dispute, charge: Charge, status: 'won' | 'lost'): Dispute {
  if (dispute.status !== 'needs_response') {
    throw unexpectedState('dispute_closed', `This dispute is already closed: it was ${dispute.status}.`)
  }
  const { id: source, amount } = dispute
  const movement = { reporting_category: 'dispute_reversal', amount, fee: 0, source } as const
  const returned = status === 'won' ? [book(tx, charge, movement)] : []
  const balance_transactions = [...dispute.balance_transactions, ...returned]
  const next = tx.store.put({ ...dispute, status, balance_transactions })
  emit(tx, 'charge.dispute.closed', next)
  if (status === 'won') emit(tx, 'charge.dispute.funds_reinstated', next)
  return next
}
