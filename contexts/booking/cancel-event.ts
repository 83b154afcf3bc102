import { newId } from '@tessera/contracts/ids'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { loadSql, type Tx } from '#platform/db'
import type { CancelDeps } from './cancel.ts'
import { cancelBookings, noteRefunds, refundRequest } from './cancel-bookings.ts'

type Deps = Pick<CancelDeps, 'db' | 'telemetry' | 'onFreed'> & {
  rpc: Pick<ContextRpc, 'payment'>
  published(topics: readonly string[]): void
}

type ToRefund = { cancellation_id: string; booking_id: string; refund_percent: number; reason: 'event-cancelled' }

const sql = loadSql(import.meta.url, [
  'lock_ids',
  'remember_cancelled',
  'lock_performances',
  'close_performances',
  'begin',
  'unfinished_performances',
  'release_holds',
  'to_cancel',
  'lock_bookings',
  'record_all',
  'count_cancelled',
  'to_refund',
  'postpone_refunds',
  'count_refunded',
  'finish',
])

/** Bookings per transaction: its locks are held for about 50 ms. */
const BATCH_MAX = 500
const PERFORMANCES_MAX = 100
/** Bounds a run, so that a draining process need not wait for it; the next run continues. */
const RUN_MS = 2_000

/**
 * Closes an event's performances: from now on no hold can be won, and its holds count as released. The job does the
 * rest. A performance whose publication has not been delivered yet is never put on sale: the two events are not
 * ordered.
 */
export async function closePerformances(tx: Tx, event_id: string, performance_ids: readonly string[]): Promise<void> {
  await tx.many(sql.lock_ids, { performance_ids })
  await tx.none(sql.remember_cancelled, { performance_ids })
  await tx.many(sql.lock_performances, { performance_ids })
  await tx.none(sql.close_performances, { event_id, performance_ids })
  await tx.none(sql.begin, { performance_ids })
}

/**
 * Processes cancelled events batch by batch: releases holds, cancels bookings, reserves full refunds; payment sends
 * them. Each batch is one transaction that finds its work in the tables, so a kill loses nothing, and concurrent runs
 * do nothing twice: a booking has one cancellation, a cancellation one refund per payment.
 */
export async function cancelEventBookings(deps: Deps): Promise<void> {
  const unfinished = await deps.db.many<{ performance_no: number }>(sql.unfinished_performances, {
    limit: PERFORMANCES_MAX,
  })
  if (unfinished.length === 0) return
  const until_ms = performance.now() + RUN_MS
  // Refunds are reserved in between, so that the provider starts on the first while the last bookings are being
  // cancelled.
  for (const { performance_no } of unfinished) {
    await untilDone(until_ms, () => releaseHolds(deps, performance_no))
    await untilDone(until_ms, async () => {
      const cancelled = await cancelBatch(deps, performance_no)
      await refundBatch(deps)
      return cancelled
    })
  }
  await untilDone(until_ms, () => refundBatch(deps))
  await deps.db.none(sql.finish)
}

/** A batch that is not full is the last one. */
async function untilDone(until_ms: number, batch: () => Promise<number>): Promise<void> {
  let size = BATCH_MAX
  while (size === BATCH_MAX && performance.now() < until_ms) size = await batch()
}

async function releaseHolds(deps: Deps, performance_no: number): Promise<number> {
  const { released, freed } = await deps.db.one<{ released: number; freed: number[] }>(sql.release_holds, {
    performance_no,
    limit: BATCH_MAX,
  })
  if (released > 0) deps.published(['booking.released'])
  deps.onFreed(performance_no, freed)
  return released
}

async function cancelBatch(deps: Deps, performance_no: number): Promise<number> {
  const candidates = await deps.db.many<{ booking_id: string }>(sql.to_cancel, { performance_no, limit: BATCH_MAX })
  if (candidates.length === 0) return 0
  const cancelled = await deps.db.transaction(async (tx) => {
    const booking_ids = candidates.map((row) => row.booking_id)
    await tx.one(sql.lock_bookings, { booking_ids })
    await tx.none(sql.record_all, { cancellation_ids: candidates.map(() => newId('cxl')), booking_ids })
    const rows = await cancelBookings(tx, booking_ids)
    await tx.none(sql.count_cancelled, { performance_no, count: rows.length })
    return rows
  })
  deps.onFreed(
    performance_no,
    cancelled.flatMap((row) => row.freed),
  )
  return candidates.length
}

/**
 * An answer for none (payment is unavailable) leaves everything as it is, for the next run; where payment cannot promise one
 * of them, that one is retried with growing delays, and the others go on.
 */
async function refundBatch(deps: Deps): Promise<number> {
  const due = await deps.db.many<ToRefund>(sql.to_refund, { limit: BATCH_MAX })
  if (due.length === 0) return 0
  const promises = await deps.rpc.payment.refund_bookings({ requests: due.map(refundRequest) })
  const noted = due.flatMap((row, i) => {
    const promised = promises[i]
    return promised == null ? [] : [{ ...row, promised }]
  })
  const failed = due.flatMap((row, i) => (promises[i] == null ? [row.cancellation_id] : []))
  if (failed.length > 0) {
    deps.telemetry.log.error({ cancellation_ids: failed }, 'payment cannot promise refunds of a cancelled event')
    await deps.db.none(sql.postpone_refunds, { cancellation_ids: failed })
  }
  await deps.db.transaction(async (tx) => {
    const fresh = new Set(await noteRefunds(tx, noted))
    const counted = noted.filter((one) => fresh.has(one.cancellation_id))
    await tx.none(sql.count_refunded, {
      booking_ids: counted.map((one) => one.booking_id),
      amounts: counted.map((one) => one.promised.refund?.amount ?? 0),
    })
  })
  return due.length
}
