import { type Charge, type Dispute, newDispute } from './objects.ts'
import { Refusal, unexpectedState } from './refusal.ts'
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
    throw refused(`Charge ${charge.id} cannot be disputed for ${amount}: ${left} of it is left.`)
  }
  if (tx.store.of('disputes', charge.payment_intent).some((each) => each.status === 'needs_response')) {
    throw refused(`Charge ${charge.id} is disputed already.`)
  }
  const dispute = newDispute(tx.now, charge, amount, reason)
  const movement = { type: 'adjustment', reporting_category: 'dispute', source: dispute.id } as const
  dispute.balance_transactions.push(book(tx, charge, { ...movement, amount: -amount, fee: DISPUTE_FEE }))
  tx.store.put('disputes', dispute, charge.payment_intent)
  tx.store.put('charges', { ...charge, disputed: true }, charge.payment_intent)
  tx.store.count(charge.currency, { disputed: amount, dispute_fees: DISPUTE_FEE })
  emit(tx, 'charge.dispute.created', dispute)
  emit(tx, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank decides. Won: the money comes back, the fee does not. Refused when it has decided already. */
export function closeDispute(tx: Tx, dispute: Dispute, charge: Charge, status: 'won' | 'lost'): Dispute {
  if (dispute.status !== 'needs_response') {
    throw unexpectedState('dispute_closed', `This dispute is already closed: it was ${dispute.status}.`)
  }
  const { id, amount } = dispute
  const movement = { type: 'adjustment', reporting_category: 'dispute_reversal', amount, fee: 0, source: id } as const
  const returned = status === 'won' ? [book(tx, charge, movement)] : []
  const next = { ...dispute, status, balance_transactions: [...dispute.balance_transactions, ...returned] }
  tx.store.put('disputes', next, charge.payment_intent)
  emit(tx, 'charge.dispute.closed', next, { status: dispute.status })
  if (status === 'won') {
    tx.store.count(charge.currency, { disputed: -amount })
    emit(tx, 'charge.dispute.funds_reinstated', next)
  }
  return next
}

function refused(message: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', message })
}
