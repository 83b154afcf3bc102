import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { RefundStep } from '@tessera/contracts/events/catalog'
import { newId } from '@tessera/contracts/ids'
import { type Money, money } from '@tessera/contracts/money'
import { percentOf, refundPercent } from '@tessera/contracts/pricing/refund'
import type { BookingStatus } from '@tessera/contracts/rpc/booking'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import { type Lines, takenBy } from './lines.ts'
import type { SaleStore } from './sale-store.ts'
import { saleTransaction } from './sale-transaction.ts'

export type CancelDeps = {
  db: Db
  sales: SaleStore
  availability: AvailabilityCache
  rpc: Pick<ContextRpc, 'checkin' | 'payment' | 'ticketing'>
  onFreed(performance_no: number, seats: readonly number[]): void
  delivered(event_id: string, consumers: readonly string[]): Promise<boolean>
}

export type CancelInput = { booking_id: string; actor: string; reason: 'buyer' | 'event-cancelled' }

export type CancelOutcome =
  | { kind: 'cancelled'; refund: Money | null }
  /** Someone of this booking is inside. */
  | { kind: 'already-admitted' }
  | { kind: 'not-confirmed'; status: BookingStatus }

export type CancellationSubject = {
  booking_id: string
  performance_no: number
  owner_id: string
  status: BookingStatus
  total: number
  payment_id: string | null
  currency: string
  performance_id: string
  event_id: string
  organization_id: string
  start_time: string
  refund_policy: RefundStep[]
  t: string
}

type Intention = {
  cancellation_id: string
  booking_id: string
  reason: 'buyer' | 'event-cancelled'
  refund_percent: number
  actor: string
  refund_amount: number | null
  cancelled_at: string | null
  refunded_at: string | null
}
type LockedRow = Lines & {
  performance_no: number
  owner_id: string
  status: BookingStatus
  performance_id: string
  event_id: string
}

const sql = loadSql(import.meta.url, [
  'subject',
  'intend',
  'intention',
  'withdraw',
  'lock_booking',
  'free',
  'mark_cancelled',
  'log',
  'note_cancelled',
  'note_refunded',
  'unfinished',
  'confirmed_of_cancelled',
  'close_performances',
  'lock_performances',
])
const publish = publisher<BookingEvents>()

/** What a cancellation now would give back, by the event's policy. */
export function refundPreview(subject: CancellationSubject): { percent: number; refund: Money } {
  const percent = refundPercent(subject.refund_policy, Date.parse(subject.start_time), Date.parse(subject.t))
  return { percent, refund: money(percentOf(subject.total, percent), subject.currency) }
}

export function cancellationSubject(db: Db, booking_id: string): Promise<CancellationSubject | undefined> {
  return db.maybe<CancellationSubject>(sql.subject, { booking_id })
}

/**
 * Cancels a confirmed booking. In this order, each step idempotent, the intention standing before the first: the door
 * stops admitting its tickets (refused when someone is inside) → seats freed and `booking.cancelled` in one transaction →
 * the money the policy promises is asked back. A crash in between is driven on by `resumeCancellations`.
 */
export async function cancel(deps: CancelDeps, input: CancelInput): Promise<CancelOutcome> {
  const subject = await deps.db.one<CancellationSubject>(sql.subject, { booking_id: input.booking_id })
  const refund_percent = input.reason === 'event-cancelled' ? 100 : refundPreview(subject).percent
  await deps.db.none(sql.intend, { ...input, cancellation_id: newId('cxl'), refund_percent })
  const intention = await deps.db.maybe<Intention>(sql.intention, { booking_id: input.booking_id })
  if (intention === undefined) return { kind: 'not-confirmed', status: subject.status }
  return drive(deps, intention, subject)
}

async function drive(deps: CancelDeps, intention: Intention, subject: CancellationSubject): Promise<CancelOutcome> {
  const { booking_id, cancellation_id } = intention
  if (intention.cancelled_at === null) {
    const tickets = await deps.rpc.ticketing.tickets_of({ booking_id })
    const revoked = await deps.rpc.checkin.revoke({ booking_id, ticket_ids: tickets.map((ticket) => ticket.id) })
    if (revoked.kind === 'admitted' && intention.reason === 'buyer') {
      await deps.db.none(sql.withdraw, { cancellation_id })
      return { kind: 'already-admitted' }
    }
    const event_id = await freeAndAnnounce(deps, intention)
    if (event_id !== null) await deps.delivered(event_id, ['ticketing.void'])
  }
  if (intention.refunded_at !== null) {
    return {
      kind: 'cancelled',
      refund: intention.refund_amount === null ? null : money(intention.refund_amount, subject.currency),
    }
  }
  const { refund } = await deps.rpc.payment.refund_booking({
    booking_id,
    cancellation_id,
    percent: intention.refund_percent,
    reason: intention.reason === 'buyer' ? 'cancellation' : 'event-cancelled',
  })
  await deps.db.none(sql.note_refunded, { cancellation_id, refund_amount: refund?.amount ?? null })
  return { kind: 'cancelled', refund }
}

/** Null: someone else (a second click, the job) was driving it too and has done this step. */
async function freeAndAnnounce(deps: CancelDeps, intention: Intention): Promise<string | null> {
  const { booking_id, cancellation_id, reason, refund_percent, actor } = intention
  let freed: { performance_no: number; seats: number[] } | undefined
  const event_id = await saleTransaction(deps, async (tx, saleOf) => {
    const row = await tx.one<LockedRow>(sql.lock_booking, { booking_id })
    if (row.status !== 'confirmed') return null
    const places = row.line_seats.flatMap((seat, i) =>
      seat < 0 ? [{ tier: row.line_tiers[i] ?? 0, quantity: row.line_quantities[i] ?? 0 }] : [],
    )
    const given = await tx.one<{ freed: number[] }>(sql.free, {
      booking_id,
      performance_no: row.performance_no,
      seats: row.line_seats.filter((seat) => seat >= 0),
      sold_tiers: places.map((place) => place.tier),
      sold_quantities: places.map((place) => place.quantity),
    })
    await tx.none(sql.mark_cancelled, { booking_id })
    await tx.none(sql.log, { booking_id, actor, detail: JSON.stringify({ cancellation_id, reason, refund_percent }) })
    await tx.none(sql.note_cancelled, { cancellation_id })
    freed = { performance_no: row.performance_no, seats: given.freed }
    const { seats, seat_tiers, places: taken } = takenBy(booking_id, row, saleOf(row))
    const { performance_id, event_id, owner_id } = row
    return publish(tx, 'booking.cancelled', performance_id, {
      booking_id,
      performance_id,
      event_id,
      user_id: owner_id,
      cancellation_id,
      reason,
      refund_percent,
      seats,
      seat_tiers,
      places: taken,
    })
  })
  if (freed !== undefined) {
    deps.availability.freed(freed.performance_no, freed.seats)
    deps.onFreed(freed.performance_no, freed.seats)
  }
  return event_id
}

const RESUME_MAX = 50
/** Younger ones are in the hands of the request that asked. */
const RESUME_AFTER_S = 10

/** Drives on cancellations that a crash or an outage left in the middle, and those that a cancelled event asks for. */
export async function resumeCancellations(deps: CancelDeps): Promise<void> {
  const unfinished = await deps.db.many<{ booking_id: string }>(sql.unfinished, {
    older_than_s: RESUME_AFTER_S,
    limit: RESUME_MAX,
  })
  for (const { booking_id } of unfinished) {
    const subject = await deps.db.one<CancellationSubject>(sql.subject, { booking_id })
    const intention = await deps.db.maybe<Intention>(sql.intention, { booking_id })
    if (intention !== undefined) await drive(deps, intention, subject)
  }
  const due = await deps.db.many<{ booking_id: string }>(sql.confirmed_of_cancelled, { limit: RESUME_MAX })
  for (const { booking_id } of due)
    await cancel(deps, { booking_id, actor: 'event-cancelled', reason: 'event-cancelled' })
}

/** Closes an event's performances: after this no hold can be won; its bookings are cancelled and refunded by the job. */
export async function closePerformances(tx: Tx, event_id: string, performance_ids: readonly string[]): Promise<void> {
  await tx.many(sql.lock_performances, { performance_ids })
  await tx.none(sql.close_performances, { event_id, performance_ids })
}
