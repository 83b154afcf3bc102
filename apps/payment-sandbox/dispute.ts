import type Stripe from 'stripe'
import { balanceTransaction } from './charge.ts'
import { newId } from './ids.ts'
import type { Backstage, Charge, Dispute } from './objects.ts'
import { unexpectedState } from './refusal.ts'
import { count, emit, put, type Tx } from './transaction.ts'

const DISPUTE_FEE = 1500
const EVIDENCE_DAYS = 14

/** What a bank may give as a reason (Stripe's list, shortened to what a ticket buyer says). */
export const DISPUTE_REASONS = [
  'fraudulent',
  'product_not_received',
  'duplicate',
  'credit_not_processed',
  'general',
] as const

/** The buyer's bank takes the money back: the amount and a fee leave the balance at once, as at Stripe. */
export function openDispute(
  tx: Tx,
  charge: Charge,
  back: Backstage,
  input: { reason: string; amount: number },
): Dispute {
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
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: tx.now + EVIDENCE_DAYS * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: input.reason,
    status: 'needs_response',
  }
  put(tx, dispute, transaction, { ...charge, disputed: true }, { ...back, parts: [...back.parts, id, transaction.id] })
  count(tx, charge.currency, { disputed: input.amount, dispute_fees: fee })
  emit(tx, 'charge.dispute.created', dispute)
  emit(tx, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank decides. Won: the money comes back, the fee does not. Refused when it has decided already. */
export function closeDispute(
  tx: Tx,
  dispute: Dispute,
  charge: Charge,
  back: Backstage,
  status: 'won' | 'lost',
): Dispute {
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
  put(tx, next)
  emit(tx, 'charge.dispute.closed', next, { status: dispute.status })
  if (returned !== null) {
    put(tx, returned, { ...back, parts: [...back.parts, returned.id] })
    count(tx, charge.currency, { disputed: -dispute.amount })
    emit(tx, 'charge.dispute.funds_reinstated', next)
  }
  return next
}

const NO_EVIDENCE: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}
