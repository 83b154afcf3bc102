import type { RefundPaymentRequest, RefundPaymentResponse } from '@tessera/contracts/http/payment'
import { money } from '@tessera/contracts/money'
import type { Permission } from '@tessera/contracts/permissions'
import type { Access, Principal } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Idempotency } from '#platform/http'
import type { Log } from '#platform/telemetry'
import { type Payment, paymentById } from '../payment.ts'
import type { Providers } from '../provider/registry.ts'
import { summariesOf } from '../summary.ts'
import { type Reserved, reserve } from './reserve.ts'
import { sendRefund } from './send.ts'

type Deps = { db: Db; providers: Providers; access: Access<Permission>; log: Log }

export type RefundInput = {
  principal: Principal
  payment_id: string
  idempotency: Idempotency
  body: RefundPaymentRequest
}

export type RefundOutcome =
  | { kind: 'refunded'; body: RefundPaymentResponse }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'refund-refused'; detail: string }

/**
 * Gives money back because somebody of the organization says so. Reserved first, then asked for; a repeat with the same
 * key finds its refund. An outcome that is not known yet is `pending` and is completed by itself.
 */
export async function refundPayment(deps: Deps, input: RefundInput): Promise<RefundOutcome> {
  const { principal, body, idempotency } = input
  const payment = await paymentById(deps.db, input.payment_id)
  if (payment === undefined) return { kind: 'not-found' }
  const { organization_id, event_id } = payment
  const may = await deps.access.mayIn(principal, 'payments:refund:own', { organization_id, event_id })
  if (!may) return { kind: 'not-found' }
  if (body.amount !== undefined && body.amount.currency !== payment.currency) {
    return { kind: 'refund-refused', detail: `This payment is in ${payment.currency}.` }
  }
  const reserved = await deps.db.transaction((tx) =>
    reserve(tx, {
      payment_id: payment.id,
      amount: (left_over) => body.amount?.amount ?? left_over,
      reason: 'requested',
      note: body.reason,
      cause: `key:${idempotency.owner}:${idempotency.key}`,
      body_hash: idempotency.body_hash,
    }),
  )
  if (reserved === null) return { kind: 'refund-refused', detail: whyNot(payment, body) }
  if (reserved.body_hash !== idempotency.body_hash) return { kind: 'idempotency-mismatch' }
  return answerOf(deps, payment, reserved, body.reason)
}

async function answerOf(deps: Deps, payment: Payment, reserved: Reserved, reason: string): Promise<RefundOutcome> {
  const refund = await sendRefund(deps, reserved.id)
  switch (refund.status) {
    case 'failed':
      return { kind: 'refund-refused', detail: 'The payment provider refused this refund, or the bank returned it.' }
    case 'superseded':
      return { kind: 'refund-refused', detail: 'A dispute was lost: the buyer’s bank gave the money back.' }
    case 'pending':
    case 'succeeded':
  }
  const [summary] = await summariesOf(deps.db, [(await paymentById(deps.db, payment.id)) ?? payment])
  if (summary === undefined) throw new Error(`${payment.id} was not found again`)
  return {
    kind: 'refunded',
    body: {
      id: refund.id,
      payment_id: payment.id,
      status: refund.status,
      amount: money(refund.amount, payment.currency),
      reason,
      payment: summary,
    },
  }
}

function whyNot(payment: Payment, body: RefundPaymentRequest): string {
  if (payment.captured === 0) return 'This payment was never captured.'
  if (payment.status === 'disputed') return 'The buyer’s bank has disputed this payment.'
  if (body.amount !== undefined && body.amount.amount <= 0) return 'A refund must be greater than zero.'
  return 'Less than that is left to refund.'
}
