import { formatMoney } from '@tessera/contracts/money'
import { balanceTransaction } from './balance.ts'
import { cardFingerprinted } from './cards.ts'
import { type Charge, newId, type Refund } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { emit, later, type Tx } from './transaction.ts'

export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

export type NewRefund = {
  charge: Charge
  /** Absent = all that is left. */
  amount: number | null
  reason: Refund['reason']
  metadata: Record<string, string>
}

/**
 * Gives money back. In order: the charge must have succeeded, not be taken back by the bank, have something left, and
 * have as much left as is asked for.
 */
export function createRefund(tx: Tx, input: NewRefund): Refund {
  const { charge } = input
  const left = charge.amount_captured - charge.amount_refunded
  const amount = input.amount ?? left
  checkRefundable(tx, charge)
  checkAmount(charge, amount, left)
  const id = newId('re')
  const transaction = balanceTransaction(tx, charge, { type: 'refund', amount: -amount, fee: 0, source: id })
  const behaviour = cardFingerprinted(charge.payment_method_details.card.fingerprint)?.refund ?? 'succeeds'
  const refund: Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    metadata: input.metadata,
    payment_intent: charge.payment_intent,
    reason: input.reason,
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
  }
  const refunded: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.amount_refunded + amount === charge.amount_captured,
  }
  tx.store.put('refunds', refund, charge.payment_intent)
  tx.store.put('charges', refunded, charge.payment_intent)
  tx.store.count(charge.currency, { refunded: amount })
  emit(tx, 'refund.created', refund)
  emit(tx, 'charge.refunded', refunded, { amount_refunded: charge.amount_refunded, refunded: charge.refunded })
  if (behaviour !== 'succeeds') {
    later(tx, id, tx.refund_settle_ms, behaviour === 'pending' ? 'succeed' : 'fail')
  }
  return refund
}

/** The bank's answer to a refund that was not settled at once. A failed one puts the money back on the balance. */
export function settleRefund(tx: Tx, refund: Refund, outcome: 'succeed' | 'fail'): void {
  if (outcome === 'succeed') {
    const settled: Refund = { ...refund, status: 'succeeded' }
    tx.store.put('refunds', settled, refund.payment_intent)
    emit(tx, 'refund.updated', settled, { status: refund.status })
    return
  }
  const charge = tx.store.get('charges', refund.charge)
  if (charge === undefined) throw new Error(`${refund.id} is a refund of nothing`)
  const { id: failure_balance_transaction } = balanceTransaction(tx, charge, {
    type: 'refund_failure',
    amount: refund.amount,
    fee: 0,
    source: refund.id,
  })
  const failed: Refund = {
    ...refund,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction,
  }
  const amount_refunded = charge.amount_refunded - refund.amount
  tx.store.put('refunds', failed, refund.payment_intent)
  tx.store.put('charges', { ...charge, amount_refunded, refunded: false }, charge.payment_intent)
  tx.store.count(charge.currency, { refunded: -refund.amount })
  emit(tx, 'refund.updated', failed, { status: refund.status })
  emit(tx, 'refund.failed', failed)
}

export function updateRefund(tx: Tx, refund: Refund, metadata: Record<string, string>): Refund {
  const next: Refund = { ...refund, metadata }
  tx.store.put('refunds', next, refund.payment_intent)
  emit(tx, 'refund.updated', next, { metadata: refund.metadata })
  return next
}

function checkRefundable(tx: Tx, charge: Charge): void {
  if (charge.status !== 'succeeded') {
    throw unexpectedState('charge_not_refundable', `Charge ${charge.id} did not succeed; there is nothing to refund.`)
  }
  const disputed = tx.store.of('disputes', charge.payment_intent).some((dispute) => dispute.status !== 'won')
  if (disputed) {
    throw unexpectedState('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`)
  }
}

function checkAmount(charge: Charge, amount: number, left: number): void {
  if (left === 0) {
    throw unexpectedState('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  }
  if (amount <= left) return
  const say = (minor: number): string => formatMoney({ amount: minor, currency: charge.currency.toUpperCase() })
  throw unexpectedState(
    'amount_too_large',
    `Refund amount (${say(amount)}) is greater than unrefunded amount on charge (${say(left)})`,
    { param: 'amount' },
  )
}
