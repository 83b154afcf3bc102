import { newId } from '@tessera/contracts/ids'
import { type Money, money } from '@tessera/contracts/money'
import { bookingRefundPercent, type RefundTerms } from '@tessera/contracts/pricing/refund'
import type { BookingStatus } from '@tessera/contracts/rpc/booking'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { PromisedRefund } from '@tessera/contracts/rpc/payment'
import { type Db, loadSql } from '#platform/db'
import type { Telemetry } from '#platform/telemetry'
import { cancelBookings, noteRefunds, refundRequest } from './cancel-bookings.ts'

export type CancelDeps = {
  db: Db
  rpc: Pick<ContextRpc, 'checkin' | 'payment' | 'ticketing'>
  telemetry: Pick<Telemetry, 'log'>
  onFreed(performance_no: number, seats: readonly number[]): void
  delivered(event_id: string, consumers: readonly string[]): Promise<boolean>
}

export type CancelInput = { booking_id: string; actor: string }

/** `refund` is zero when nothing is refunded. */
export type CancellationRefund = { refund: Money; waits_for_dispute: boolean }

export type CancelRefusal =
  /** A ticket of this booking has been used. */
  | { kind: 'already-admitted' }
  | { kind: 'not-confirmed'; status: BookingStatus }
  /** The performance has ended. */
  | { kind: 'over' }

export type CancelOutcome =
  | ({ kind: 'cancelled' } & CancellationRefund)
  /** Cancelled; `resumeCancellations` will request the refund, because payment is unavailable now. */
  | { kind: 'refund-unknown' }
  | CancelRefusal

export type PreviewOutcome = ({ kind: 'preview' } & CancellationRefund) | CancelRefusal

type CancellationSubject = {
  status: BookingStatus
  currency: string
  performance_status: 'on_sale' | 'cancelled'
  ended: boolean
  terms_now: RefundTerms
  /** Null for bookings from before terms were stored. */
  terms_at_hold: RefundTerms | null
  db_now: string
}

type CancellationRow = {
  cancellation_id: string
  booking_id: string
  reason: 'buyer' | 'event-cancelled'
  refund_percent: number
  actor: string
  refund_amount: number | null
  waits_for_dispute: boolean
  cancelled_at: string | null
  refunded_at: string | null
}

const sql = loadSql(import.meta.url, ['subject', 'record', 'recorded', 'lock', 'withdraw', 'claim_due'])

/** A cancelled performance is refunded in full, regardless of policy; otherwise the better terms count. */
function percentNow(subject: CancellationSubject): number {
  if (subject.performance_status === 'cancelled') return 100
  return bookingRefundPercent(subject.terms_at_hold, subject.terms_now, Date.parse(subject.db_now))
}

function reasonNow(subject: CancellationSubject): CancellationRow['reason'] {
  return subject.performance_status === 'cancelled' ? 'event-cancelled' : 'buyer'
}

/** Nothing is left to give up once the performance has ended, except the refund of a cancelled one. */
function isOver(subject: CancellationSubject): boolean {
  return subject.status === 'confirmed' && subject.ended && subject.performance_status !== 'cancelled'
}

/** Until the booking is cancelled, cancelling its event turns the buyer's cancellation into one with a full refund. */
function termsNow(
  subject: CancellationSubject,
  cancellation: CancellationRow | undefined,
): { reason: CancellationRow['reason']; percent: number } {
  const isDecided = cancellation !== undefined && cancellation.cancelled_at !== null
  if (cancellation !== undefined && (isDecided || subject.performance_status !== 'cancelled'))
    return { reason: cancellation.reason, percent: cancellation.refund_percent }
  return { reason: reasonNow(subject), percent: percentNow(subject) }
}

/**
 * The result that `cancel` would have now for the buyer: the same refusals, and the amount by the same computation in
 * payment.
 */
export async function previewCancellation(deps: CancelDeps, booking_id: string): Promise<PreviewOutcome> {
  const subject = await deps.db.one<CancellationSubject>(sql.subject, { booking_id })
  const cancellation = await deps.db.maybe<CancellationRow>(sql.recorded, { booking_id })
  if (cancellation !== undefined && cancellation.refunded_at !== null)
    return { kind: 'preview', ...recordedRefund(cancellation, subject) }
  if (cancellation === undefined && subject.status !== 'confirmed')
    return { kind: 'not-confirmed', status: subject.status }
  if (cancellation === undefined && isOver(subject)) return { kind: 'over' }
  const { reason, percent } = termsNow(subject, cancellation)
  if (cancellation === undefined || cancellation.cancelled_at === null) {
    const ticket_ids = (await deps.rpc.ticketing.tickets_of({ booking_id })).map((ticket) => ticket.id)
    const used = ticket_ids.length === 0 ? [] : await deps.rpc.checkin.used({ ticket_ids })
    if (used.length > 0 && reason === 'buyer') return { kind: 'already-admitted' }
  }
  const cancellation_id = cancellation?.cancellation_id ?? null
  const promised = await deps.rpc.payment.refund_preview({ booking_id, percent, cancellation_id })
  return { kind: 'preview', ...refundOf(promised, subject) }
}

/**
 * Cancels a confirmed booking for its buyer. In this order, each step idempotent, the cancellation recorded before the first:
 * check-in revokes its tickets (refused when one has been used) → seats are freed and `booking.cancelled` is written in one
 * transaction → the refund that the policy promises is reserved and sent. `resumeCancellations` completes what a crash
 * interrupts.
 */
export async function cancel(deps: CancelDeps, input: CancelInput): Promise<CancelOutcome> {
  const subject = await deps.db.one<CancellationSubject>(sql.subject, { booking_id: input.booking_id })
  // One that was recorded before the end is completed.
  if (!isOver(subject)) {
    await deps.db.none(sql.record, {
      ...input,
      reason: reasonNow(subject),
      cancellation_id: newId('cxl'),
      refund_percent: percentNow(subject),
    })
  }
  const cancellation = await deps.db.maybe<CancellationRow>(sql.recorded, { booking_id: input.booking_id })
  if (cancellation === undefined && isOver(subject)) return { kind: 'over' }
  if (cancellation === undefined) return { kind: 'not-confirmed', status: subject.status }
  return complete(deps, cancellation, subject)
}

async function complete(
  deps: CancelDeps,
  cancellation: CancellationRow,
  subject: CancellationSubject,
): Promise<CancelOutcome> {
  const { booking_id, cancellation_id } = cancellation
  if (cancellation.cancelled_at === null) {
    const tickets = await deps.rpc.ticketing.tickets_of({ booking_id })
    const revoked = await deps.rpc.checkin.revoke({ booking_id, ticket_ids: tickets.map((ticket) => ticket.id) })
    if (revoked.kind === 'admitted' && cancellation.reason === 'buyer' && (await withdrawn(deps, cancellation)))
      return { kind: 'already-admitted' }
    const freed = await freeAndAnnounce(deps, cancellation)
    if (freed.kind === 'withdrawn') return { kind: 'already-admitted' }
    if (freed.kind === 'freed') await deps.delivered(freed.event_id, ['ticketing.void'])
  }
  // Read again: `cancel_bookings` has decided the refund, and payment must not be asked for any other.
  const decided = await deps.db.one<CancellationRow>(sql.recorded, { booking_id })
  if (decided.refunded_at !== null) return { kind: 'cancelled', ...recordedRefund(decided, subject) }
  try {
    const promised = await deps.rpc.payment.refund_booking(refundRequest(decided))
    await noteRefunds(deps.db, [{ cancellation_id: decided.cancellation_id, promised }])
    return { kind: 'cancelled', ...refundOf(promised, subject) }
  } catch (error) {
    deps.telemetry.log.warn({ err: error, cancellation_id }, 'the refund could not be requested and will be retried')
    return { kind: 'refund-unknown' }
  }
}

/** False when the booking was cancelled with its event meanwhile: it is done, and refunded in full. */
async function withdrawn(deps: CancelDeps, { booking_id, cancellation_id }: CancellationRow): Promise<boolean> {
  if ((await deps.db.none(sql.withdraw, { booking_id, cancellation_id })) > 0) return true
  const recorded = await deps.db.maybe<CancellationRow>(sql.recorded, { booking_id })
  // One that another request has recorded since is for that request to decide.
  return recorded === undefined || recorded.cancelled_at === null
}

function refundOf(promised: PromisedRefund, subject: CancellationSubject): CancellationRefund {
  return { refund: promised.refund ?? money(0, subject.currency), waits_for_dispute: promised.waits_for_dispute }
}

function recordedRefund(cancellation: CancellationRow, subject: CancellationSubject): CancellationRefund {
  return {
    refund: money(cancellation.refund_amount ?? 0, subject.currency),
    waits_for_dispute: cancellation.waits_for_dispute,
  }
}

type Freed =
  | { kind: 'freed'; event_id: string }
  /** Another call has completed this step. */
  | { kind: 'freed-before' }
  /** Another call has seen a ticket used that was not issued yet when this one revoked the tickets. */
  | { kind: 'withdrawn' }

async function freeAndAnnounce(deps: CancelDeps, { booking_id, cancellation_id }: CancellationRow): Promise<Freed> {
  const cancelled = await deps.db.transaction(async (tx) => {
    await tx.one(sql.lock, { booking_id })
    const now = await tx.maybe<CancellationRow>(sql.recorded, { booking_id })
    const stands = now !== undefined && (now.cancellation_id === cancellation_id || now.cancelled_at !== null)
    return stands ? cancelBookings(tx, [booking_id]) : 'withdrawn'
  })
  if (cancelled === 'withdrawn') return { kind: 'withdrawn' }
  const [row] = cancelled
  if (row === undefined) return { kind: 'freed-before' }
  deps.onFreed(row.performance_no, row.freed)
  return { kind: 'freed', event_id: row.event_id }
}

/** Each takes up to 5 s: the deadlines of its calls to other contexts. */
const RESUMED_AT_ONCE = 5
/** Bounds a run, so that a draining process need not wait for it; the next run continues. */
const RUN_MS = 2_000

/**
 * Completes buyers' cancellations that a crash or an outage interrupted. A failed one is retried after 10 s, then with
 * growing delays up to 5 minutes, and does not delay the others.
 */
export async function resumeCancellations(deps: CancelDeps): Promise<void> {
  const until_ms = performance.now() + RUN_MS
  let size = RESUMED_AT_ONCE
  while (size === RESUMED_AT_ONCE && performance.now() < until_ms) {
    const due = await deps.db.many<{ booking_id: string }>(sql.claim_due, { limit: RESUMED_AT_ONCE })
    await Promise.all(due.map(({ booking_id }) => resume(deps, booking_id)))
    size = due.length
  }
}

async function resume(deps: CancelDeps, booking_id: string): Promise<void> {
  try {
    const subject = await deps.db.one<CancellationSubject>(sql.subject, { booking_id })
    const cancellation = await deps.db.maybe<CancellationRow>(sql.recorded, { booking_id })
    if (cancellation !== undefined) await complete(deps, cancellation, subject)
  } catch (error) {
    deps.telemetry.log.warn({ err: error, booking_id }, 'the cancellation could not be completed and will be retried')
  }
}
