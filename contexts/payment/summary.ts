import { type Money, money } from '@tessera/contracts/money'
import type { SettlementReason } from '@tessera/contracts/rpc/booking'
import type {
  PaymentOutcome,
  PaymentSummary,
  RefundReason,
  RefundState,
  RefundSummary,
  SettlementVerdict,
} from '@tessera/contracts/rpc/payment'
import { loadSql, type Queryable } from '#platform/db'
import type { Payment, Settlement } from './payment.ts'
import type { Refund } from './refund-row.ts'

/** One row a refund; a payment without any has one row with nulls. */
type DetailRow = {
  payment_id: string
  failure_code: string | null
  settlement_reason: SettlementReason | null
  refund_id: string | null
  amount: number
  reason: Refund['reason']
  status: Refund['status']
  in_dispute: boolean
  /** Null: the bank did not return it. */
  resolution: 'open' | 'retried' | 'refunded-elsewhere' | null
  created_at: string
  settled_at: string | null
}

const sql = loadSql(import.meta.url, ['details'])

/** Payments as their readers see them, in the order given. */
export async function summariesOf(db: Queryable, payments: readonly Payment[]): Promise<PaymentSummary[]> {
  if (payments.length === 0) return []
  const rows = await db.many<DetailRow>(sql.details, { payment_ids: payments.map((payment) => payment.id) })
  const byPayment = Map.groupBy(rows, (row) => row.payment_id)
  return payments.map((payment) => summaryOf(payment, byPayment.get(payment.id) ?? []))
}

function summaryOf(payment: Payment, details: readonly DetailRow[]): PaymentSummary {
  const in_currency = (amount: number): Money => money(amount, payment.currency)
  return {
    id: payment.id,
    booking_id: payment.booking_id,
    provider: payment.provider,
    status: payment.status,
    amount: in_currency(payment.amount),
    captured: in_currency(payment.captured),
    refunded: in_currency(payment.refunded),
    outcome: outcomeOf(payment),
    settlement: payment.settlement === null ? null : VERDICTS[payment.settlement],
    settlement_reason: details[0]?.settlement_reason ?? null,
    failure_code: payment.status === 'failed' ? (details[0]?.failure_code ?? null) : null,
    refunds: details.flatMap((row): RefundSummary[] =>
      row.refund_id === null
        ? []
        : [
            {
              id: row.refund_id,
              amount: in_currency(row.amount),
              reason: REASONS[row.reason],
              state: refundState(row),
              created_at: row.created_at,
              settled_at: row.settled_at,
            },
          ],
    ),
  }
}

const VERDICTS: Readonly<Record<Settlement, SettlementVerdict>> = {
  pending: 'pending',
  confirmed: 'confirmed',
  'seats-gone': 'seats_gone',
  'paid-otherwise': 'paid_otherwise',
  'amount-mismatch': 'amount_mismatch',
  'unknown-booking': 'unknown_booking',
}

export const REASONS: Readonly<Record<Refund['reason'], RefundReason>> = {
  'late-payment': 'late_payment',
  'duplicate-payment': 'duplicate_payment',
  cancellation: 'cancellation',
  'event-cancelled': 'event_cancelled',
  requested: 'requested',
}

/** What became of a payment, as `PaymentOutcome` of the contract defines. */
export function outcomeOf({ status, settlement }: Pick<Payment, 'status' | 'settlement'>): PaymentOutcome {
  switch (status) {
    case 'created':
      return 'open'
    case 'requires_action':
      return 'action_required'
    case 'processing':
      return 'processing'
    case 'failed':
      return 'declined'
    case 'cancelled':
      return 'closed'
    case 'succeeded':
    case 'partially_refunded':
    case 'refunded':
    case 'disputed':
      if (settlement === 'pending') return 'settling'
      return settlement === 'confirmed' ? 'confirmed' : 'given_back'
  }
}

/** Where a refund stands, as `RefundState` of the contract defines. */
export function refundState(row: Pick<DetailRow, 'status' | 'in_dispute' | 'resolution'>): RefundState {
  switch (row.status) {
    case 'pending':
      return row.in_dispute ? 'awaiting_dispute' : 'pending'
    case 'succeeded':
    case 'superseded':
      return row.status
    case 'failed':
      if (row.resolution === null) return 'failed'
      return row.resolution === 'refunded-elsewhere' ? 'refunded_elsewhere' : 'returned'
  }
}
