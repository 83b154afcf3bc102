import { formatMoney } from '@tessera/contracts/money'
import { cardNamed } from './cards.ts'
import { type Charge, newRefund, type Refund, type RefundTerms } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { book, emit, type Tx } from './transaction.ts'

export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

/**
 * Gives money back; `amount` null = all that is left. In order: the charge must have succeeded, not be taken back by the
 * bank, have something left, and have as much left as is asked for.
 */
export function createRefund(tx: Tx, charge: Charge, terms: RefundTerms & { amount: number | null }): Refund {
  const left = charge.amount_captured - charge.amount_refunded
  const amount = terms.amount ?? left
  checkRefundable(tx, charge, amount, left)
  const behaviour = cardNamed(tx.store.hidden(charge.payment_intent).card)?.refund ?? 'succeeds'
  const status = behaviour === 'pending' ? 'pending' : 'succeeded'
  const refund = newRefund(tx.now, charge, { ...terms, amount }, status)
  const movement = { reporting_category: 'refund', amount: -amount, fee: 0, source: refund.id } as const
  refund.balance_transaction = book(tx, charge, movement).id
  tx.store.put(refund)
  const refunded = addRefunded(tx, charge, amount)
  emit(tx, 'refund.created', refund)
  emit(tx, 'charge.refunded', refunded)
  const outcome = behaviour === 'pending' ? 'succeed' : 'fail'
  if (behaviour !== 'succeeds') tx.store.setDue({ id: refund.id, at_ms: tx.now_ms + tx.refund_settle_ms, outcome })
  return refund
}

/** The bank's answer to a refund that was not settled at once. A failed one puts the money back on the balance. */
export function settleRefund(tx: Tx, refund: Refund, outcome: 'succeed' | 'fail'): void {
  const { id, amount } = refund
  const next: Refund = { ...refund, status: outcome === 'succeed' ? 'succeeded' : 'failed' }
  if (outcome === 'fail') {
    const charge = tx.store.get('charges', refund.charge)
    if (charge === undefined) throw new Error(`${id} refunds an unknown charge`)
    const movement = { reporting_category: 'refund_failure', amount, fee: 0, source: id } as const
    next.failure_balance_transaction = book(tx, charge, movement).id
    next.failure_reason = 'expired_or_canceled_card'
    addRefunded(tx, charge, -amount)
  }
  tx.store.put(next)
  emit(tx, 'refund.updated', next)
  if (outcome === 'fail') emit(tx, 'refund.failed', next)
}

function addRefunded(tx: Tx, charge: Charge, amount: number): Charge {
  const amount_refunded = charge.amount_refunded + amount
  return tx.store.put({ ...charge, amount_refunded, refunded: amount_refunded === charge.amount_captured })
}

function checkRefundable(tx: Tx, charge: Charge, amount: number, left: number): void {
  if (charge.status !== 'succeeded') {
    throw unexpectedState('charge_not_refundable', `Charge ${charge.id} did not succeed; there is nothing to refund.`)
  }
  if (tx.store.of('disputes', charge.payment_intent).some((dispute) => dispute.status !== 'won')) {
    throw unexpectedState('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`)
  }
  if (left === 0) {
    throw unexpectedState('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  }
  if (amount <= left) return
  const say = (minor: number): string => formatMoney({ amount: minor, currency: charge.currency.toUpperCase() })
  const message = `Refund amount (${say(amount)}) is greater than unrefunded amount on charge (${say(left)})`
  throw unexpectedState('amount_too_large', message, { param: 'amount' })
}
