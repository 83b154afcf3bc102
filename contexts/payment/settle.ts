import { money } from '@tessera/contracts/money'
import type { BookingRpc, SettlementReason } from '@tessera/contracts/rpc/booking'
import type { Batcher } from '#platform/batching'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { holderOf, type Payment, paymentById, type Settlement } from './payment.ts'
import type { Providers } from './provider/registry.ts'
import type { Refund } from './refund-row.ts'
import { type Reserved, reserve } from './refunds/reserve.ts'
import { sendRefund } from './refunds/send.ts'

/** The buyer's answer, stored under the key in the same step as a confirmation with its tickets. */
export type Reply = { owner: string; key: string; answer: object }

export type Sold = { id: string; reply: Reply | null }

export type SettlementBatcher = { confirmed: Batcher<Sold, void> }

type Deps = { db: Db; batchers: SettlementBatcher; providers: Providers; rpc: { booking: BookingRpc }; log: Log }

export type Settled =
  | { kind: 'confirmed'; tickets_issued: boolean }
  /** Nothing could be sold for it: the money goes back by itself. Null: there was nothing left to give back. */
  | { kind: 'given-back'; refund: Refund | null }
  /** Booking could not be asked; the reconciler will. */
  | { kind: 'pending' }

type Refused = Exclude<Settlement, 'pending' | 'confirmed'>

const sql = loadSql(import.meta.url, ['record_confirmed', 'record_settlement'])

/**
 * Gives the booking to the payment that paid for it, or the money back. `payment` must be captured. The one path of the
 * API, webhooks and the reconciler: booking's answer is idempotent, the settlement is recorded once, and the refund has
 * one cause, so that any of them may come at any time and again.
 */
export async function settle(deps: Deps, payment: Payment, reply: Reply | null = null): Promise<Settled> {
  // Another sum than was asked for buys nothing, whatever booking would say.
  if (payment.captured !== payment.amount) return giveBack(deps, payment, 'amount-mismatch')
  const outcome = await askBooking(deps, payment)
  if (outcome === null) return { kind: 'pending' }
  switch (outcome.kind) {
    case 'confirmed':
    case 'already-confirmed':
      await deps.batchers.confirmed.submit({ id: payment.id, reply: outcome.tickets_issued ? reply : null })
      return { kind: 'confirmed', tickets_issued: outcome.tickets_issued }
    case 'seats-gone':
      return giveBack(deps, payment, outcome.kind, outcome.reason)
    case 'paid-otherwise':
    case 'amount-mismatch':
    case 'unknown-booking':
      return giveBack(deps, payment, outcome.kind)
  }
}

/** Throws where booking has given a payment another answer before: an answer is final, so one of the two is a bug. */
export async function recordConfirmed(db: Db, sold: readonly Sold[]): Promise<void[]> {
  const contradicted = await db.many<{ id: string; settlement: Settlement | null }>(sql.record_confirmed, {
    ids: sold.map((one) => one.id),
    owners: sold.map((one) => one.reply?.owner ?? null),
    keys: sold.map((one) => one.reply?.key ?? null),
    answers: sold.map((one) => (one.reply === null ? null : JSON.stringify(one.reply.answer))),
  })
  for (const { id, settlement } of contradicted)
    throw new Error(`Booking confirms ${id}, whose settlement is ${settlement ?? 'not begun'}`)
  return sold.map(() => undefined)
}

async function askBooking(deps: Deps, payment: Payment) {
  try {
    return await deps.rpc.booking.settle_paid({
      booking_id: payment.booking_id,
      payment_id: payment.id,
      amount: money(payment.captured, payment.currency),
      holder: holderOf(payment),
    })
  } catch (error) {
    deps.log.warn({ err: error, payment_id: payment.id }, 'booking could not be told of a payment; it will be')
    return null
  }
}

/** The provider is asked for the refund after the settlement is durable. */
async function giveBack(
  deps: Deps,
  payment: Payment,
  settlement: Refused,
  reason: SettlementReason | null = null,
): Promise<Settled> {
  if (settlement === 'amount-mismatch' || settlement === 'unknown-booking') {
    deps.log.error({ payment_id: payment.id, settlement }, 'a payment does not fit its booking; it goes back')
  }
  const recorded = await deps.db.transaction((tx) => recordRefused(tx, payment.id, settlement, reason))
  if (recorded === 'confirmed') return { kind: 'confirmed', tickets_issued: true }
  return { kind: 'given-back', refund: recorded === null ? null : await sendRefund(deps, recorded.id) }
}

/**
 * The settlement of a captured payment that buys nothing, and the refund of all that is left of it, are one fact. What was
 * recorded as confirmed stays sold: an answer that was overtaken (the booking was cancelled since) gives nothing back by
 * itself. Null: nothing is left to give back.
 */
export async function recordRefused(
  tx: Tx,
  payment_id: string,
  settlement: Refused,
  reason: SettlementReason | null,
): Promise<Reserved | 'confirmed' | null> {
  const fresh = await tx.maybe(sql.record_settlement, { id: payment_id, settlement, reason })
  const now = fresh === undefined ? await paymentById(tx, payment_id) : undefined
  if (now?.settlement === 'confirmed') return 'confirmed'
  return reserve(tx, {
    payment_id,
    amount: (left_over) => left_over,
    reason: settlement === 'paid-otherwise' ? 'duplicate-payment' : 'late-payment',
    cause: 'settlement',
  })
}
