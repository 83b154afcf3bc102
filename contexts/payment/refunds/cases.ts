import type { RefundCaseResolution, RefundCases } from '@tessera/contracts/http/payment'
import { money } from '@tessera/contracts/money'
import type { Permission } from '@tessera/contracts/permissions'
import type { Access, Principal } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { paymentById } from '../payment.ts'
import type { Providers } from '../provider/registry.ts'
import type { Refund } from '../refund-row.ts'
import { REASONS } from '../summary.ts'
import { sendRefund } from './send.ts'

type Deps = { db: Db; access: Access<Permission>; providers: Providers; log: Log }

type CaseRow = {
  refund_id: string
  payment_id: string
  booking_id: string
  amount: number
  currency: string
  reason: Refund['reason']
  error: string
  opened_at: string
}
type LockedCase = { amount: number; round: number }

export type ResolveOutcome =
  | { kind: 'resolved'; refund: Refund }
  | { kind: 'not-found' }
  /** No open case, or not enough of the payment is left to try again. */
  | { kind: 'conflict'; detail: string }

const sql = loadSql(import.meta.url, ['open_cases', 'lock_case', 'close_case', 'reserve_again', 'begin_again'])

const CASES_MAX = 200

/** Refunds of an event that the buyers' banks returned and that nobody has resolved yet, oldest first. */
export async function openCases(deps: Pick<Deps, 'db'>, event_id: string): Promise<RefundCases> {
  const rows = await deps.db.many<CaseRow>(sql.open_cases, { event_id, row_count: CASES_MAX })
  return {
    items: rows.map(({ amount, currency, reason, ...row }) => ({
      ...row,
      amount: money(amount, currency),
      reason: REASONS[reason],
    })),
    next_cursor: null,
  }
}

/**
 * Closes the case of a returned refund: `retry` reserves the amount again and asks the provider anew; `refunded_elsewhere` is
 * the word of somebody of the organization that the buyer has the money by another way.
 */
export async function resolveCase(
  deps: Deps,
  input: { principal: Principal; payment_id: string; body: RefundCaseResolution },
): Promise<ResolveOutcome> {
  const { principal, payment_id, body } = input
  const { refund_id } = body
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined) return { kind: 'not-found' }
  const { organization_id, event_id } = payment
  if (!(await deps.access.mayIn(principal, 'payments:refund:own', { organization_id, event_id })))
    return { kind: 'not-found' }
  const resolution = body.how === 'retry' ? 'retried' : 'refunded-elsewhere'
  const refused = await deps.db.transaction(async (tx): Promise<ResolveOutcome | null> => {
    const open = await tx.maybe<LockedCase>(sql.lock_case, { payment_id, refund_id })
    if (open === undefined) return { kind: 'conflict', detail: 'There is no open case of this refund.' }
    if (resolution === 'retried') {
      if ((await tx.none(sql.reserve_again, { payment_id, amount: open.amount })) === 0)
        return { kind: 'conflict', detail: 'There is not that much left of the payment to give back.' }
    }
    await tx.none(sql.close_case, {
      refund_id,
      round: open.round,
      resolution,
      closed_by: principal.user_id,
      note: body.note ?? null,
    })
    if (resolution === 'retried') await tx.none(sql.begin_again, { refund_id })
    return null
  })
  return refused ?? { kind: 'resolved', refund: await sendRefund(deps, refund_id) }
}
