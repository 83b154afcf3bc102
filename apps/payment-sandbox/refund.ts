import { formatMoney } from '@tessera/contracts/money'
import { cardFingerprinted } from './cards.ts'
import { balanceTransaction } from './charge.ts'
import { newId } from './ids.ts'
import { backstageOf } from './intent.ts'
import type { Charge, Intent, Refund } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { count, emit, put, type Tx } from './transaction.ts'

export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

export type NewRefund = {
  charge: Charge
  intent: Intent
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
  const { charge, intent } = input
  const back = backstageOf(tx, intent)
  const left = charge.amount_captured - charge.amount_refunded
  const amount = input.amount ?? left
  checkRefundable(tx, charge, back.parts)
  checkAmount(charge, amount, left)
  const id = newId('re')
  const transaction = balanceTransaction(tx, charge, { type: 'refund', amount: -amount, fee: 0, source: id })
  const behaviour = cardFingerprinted(charge.payment_method_details?.card?.fingerprint ?? '')?.refund ?? 'succeeds'
  const refund: Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: input.metadata,
    payment_intent: intent.id,
    payment_method: charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
    transfer_reversal: null,
  }
  const refunded: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.amount_refunded + amount === charge.amount_captured,
  }
  put(tx, refund, transaction, refunded, { ...back, parts: [...back.parts, id, transaction.id] })
  count(tx, charge.currency, { refunded: amount })
  emit(tx, 'refund.created', refund)
  emit(tx, 'charge.refunded', refunded, { amount_refunded: charge.amount_refunded, refunded: charge.refunded })
  if (behaviour !== 'succeeds') {
    const outcome = behaviour === 'pending' ? 'succeed' : 'fail'
    put(tx, { object: 'tessera.due', id, at_ms: tx.now_ms + tx.house.refund_settle_ms, outcome })
  }
  return refund
}

/** The bank's answer to a refund that was not settled at once. A failed one puts the money back on the balance. */
export function settleRefund(tx: Tx, refund: Refund, outcome: 'succeed' | 'fail'): void {
  if (outcome === 'succeed') {
    const settled: Refund = { ...refund, status: 'succeeded' }
    put(tx, settled)
    emit(tx, 'refund.updated', settled, { status: refund.status })
    return
  }
  const charge = tx.state.charges.get(refund.charge)
  const intent = tx.state.intents.get(refund.payment_intent)
  if (charge === undefined || intent === undefined) throw new Error(`${refund.id} is a refund of nothing`)
  const back = backstageOf(tx, intent)
  const returned = balanceTransaction(tx, charge, {
    type: 'refund_failure',
    amount: refund.amount,
    fee: 0,
    source: refund.id,
  })
  const failed: Refund = {
    ...refund,
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    failure_balance_transaction: returned.id,
  }
  const amount_refunded = charge.amount_refunded - refund.amount
  put(
    tx,
    failed,
    returned,
    { ...charge, amount_refunded, refunded: false },
    { ...back, parts: [...back.parts, returned.id] },
  )
  count(tx, charge.currency, { refunded: -refund.amount })
  emit(tx, 'refund.updated', failed, { status: refund.status })
  emit(tx, 'refund.failed', failed)
}

export function updateRefund(tx: Tx, refund: Refund, metadata: Record<string, string>): Refund {
  const next: Refund = { ...refund, metadata }
  put(tx, next)
  emit(tx, 'refund.updated', next, { metadata: refund.metadata })
  return next
}

function checkRefundable(tx: Tx, charge: Charge, parts: readonly string[]): void {
  if (charge.status !== 'succeeded') {
    throw unexpectedState('charge_not_refundable', `Charge ${charge.id} did not succeed; there is nothing to refund.`)
  }
  const disputed = parts.some((id) => {
    const dispute = tx.state.disputes.get(id)
    return dispute !== undefined && dispute.status !== 'won'
  })
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
