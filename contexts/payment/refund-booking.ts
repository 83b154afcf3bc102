import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { PromisedRefund, RefundRequest } from '@tessera/contracts/rpc/payment'
import { type Db, isOutage, loadSql, type Tx } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { paymentById } from './payment.ts'
import type { Providers } from './provider/registry.ts'
import { type PlannedRefund, planRefunds, type Refundable } from './refunds/plan.ts'
import { sendRefund } from './refunds/send.ts'
import { type SettlementBatcher, settle } from './settle.ts'

type Deps = { db: Db; batchers: SettlementBatcher; providers: Providers; rpc: { booking: BookingRpc }; log: Log }

type Unsettled = { id: string; booking_id: string }
type RefundableRow = Refundable & { booking_id: string }
type KnownRefund = { id: string; cause: string; amount: number; currency: string; in_dispute: boolean }
type Promised = { answer: PromisedRefund; refund_ids: string[] }

const sql = loadSql(import.meta.url, ['refundable', 'lock_payments', 'unsettled', 'refunds_of_causes', 'reserve_all'])

/** Below the deadline of the call that asks: a refund that takes longer goes on in the background. */
const PROVIDER_WAIT_MS = 2_000
/** The request that reserved a refund sends it itself; should it die, the sender takes over after this time. */
const SENT_BY_REQUEST_S = 15
const REQUESTS_MAX = 500

/**
 * What `refundBooking` would promise now. A cancellation that has asked before is answered with its own refunds: what they
 * reserve is no longer left over.
 */
export async function previewRefund(
  deps: Deps,
  { booking_id, percent, cancellation_id }: { booking_id: string; percent: number; cancellation_id: string | null },
): Promise<PromisedRefund> {
  await settleFirst(deps, [booking_id])
  const causes = cancellation_id === null ? [] : [cancellation_id]
  const earlier = await deps.db.many<KnownRefund>(sql.refunds_of_causes, { booking_ids: [booking_id], causes })
  if (earlier.length > 0) return promiseOf(earlier)
  return promiseOf(planRefunds(await deps.db.many<Refundable>(sql.refundable, { booking_ids: [booking_id] }), percent))
}

/** Reserves and sends what a cancellation gives back; the same cancellation asks once. */
export async function refundBooking(deps: Deps, request: RefundRequest): Promise<PromisedRefund> {
  await settleFirst(deps, [request.booking_id])
  const [promised] = await deps.db.transaction((tx) => promise(tx, [request], SENT_BY_REQUEST_S))
  if (promised === undefined) throw new Error('A refund was asked for and not answered')
  await within(PROVIDER_WAIT_MS, Promise.all(promised.refund_ids.map((id) => send(deps, id))))
  return promised.answer
}

/**
 * The same for many bookings, set-based; the sender of due refunds asks the provider. Null for a booking whose payment
 * cannot be settled: it holds up no other.
 */
export async function refundBookings(
  deps: Deps,
  requests: readonly RefundRequest[],
): Promise<(PromisedRefund | null)[]> {
  if (requests.length > REQUESTS_MAX) throw new Error(`At most ${REQUESTS_MAX} bookings are refunded in one call`)
  if (requests.length === 0) return []
  const failed = await settleEach(
    deps,
    requests.map((request) => request.booking_id),
  )
  const rest = requests.filter((request) => !failed.has(request.booking_id))
  const promised = rest.length === 0 ? [] : await deps.db.transaction((tx) => promise(tx, rest, 0))
  const byCancellation = new Map(rest.map((request, i) => [request.cancellation_id, promised[i]?.answer]))
  return requests.map((request) => byCancellation.get(request.cancellation_id) ?? null)
}

/** A payment whose settlement was interrupted first learns whether it paid for its booking at all. */
async function settleFirst(deps: Deps, booking_ids: readonly string[]): Promise<void> {
  for (const { id } of await deps.db.many<Unsettled>(sql.unsettled, { booking_ids })) await settleIt(deps, id)
}

/** The same of many, in turn; resolves to the bookings whose payment could not be settled. An outage is thrown. */
async function settleEach(deps: Deps, booking_ids: readonly string[]): Promise<Set<string>> {
  const failed = new Set<string>()
  for (const { id, booking_id } of await deps.db.many<Unsettled>(sql.unsettled, { booking_ids })) {
    try {
      await settleIt(deps, id)
    } catch (error) {
      if (isOutage(error)) throw error
      deps.log.error({ err: error, payment_id: id }, 'a payment cannot be settled, so its refund is not promised')
      failed.add(booking_id)
    }
  }
  return failed
}

async function settleIt(deps: Deps, payment_id: string): Promise<void> {
  const payment = await paymentById(deps.db, payment_id)
  if (payment?.settlement === 'pending') await settle(deps, payment)
}

async function promise(tx: Tx, requests: readonly RefundRequest[], send_after_s: number): Promise<Promised[]> {
  const booking_ids = requests.map((request) => request.booking_id)
  await tx.many(sql.lock_payments, { booking_ids })
  const payments = await tx.many<RefundableRow>(sql.refundable, { booking_ids })
  const known = await tx.many<KnownRefund>(sql.refunds_of_causes, {
    booking_ids,
    causes: requests.map((request) => request.cancellation_id),
  })
  const byBooking = Map.groupBy(payments, (payment) => payment.booking_id)
  const byCause = Map.groupBy(known, (refund) => refund.cause)
  const made: { request: RefundRequest; id: string; planned: PlannedRefund }[] = []
  const promised = requests.map((request): Promised => {
    const earlier = byCause.get(request.cancellation_id)
    if (earlier !== undefined) return { answer: promiseOf(earlier), refund_ids: earlier.map((refund) => refund.id) }
    const plan = planRefunds(byBooking.get(request.booking_id) ?? [], request.percent)
    const fresh = plan.map((planned) => ({ request, id: newId('ref'), planned }))
    made.push(...fresh)
    return { answer: promiseOf(plan), refund_ids: fresh.map((refund) => refund.id) }
  })
  if (made.length > 0) {
    await tx.none(sql.reserve_all, {
      ids: made.map((refund) => refund.id),
      payment_ids: made.map(({ planned }) => planned.payment_id),
      amounts: made.map(({ planned }) => planned.amount),
      currencies: made.map(({ planned }) => planned.currency),
      reasons: made.map(({ request }) => request.reason),
      causes: made.map(({ request }) => request.cancellation_id),
      send_after_s,
    })
  }
  return promised
}

function promiseOf(refunds: readonly { amount: number; currency: string; in_dispute: boolean }[]): PromisedRefund {
  const [first] = refunds
  if (first === undefined) return { refund: null, waits_for_dispute: false }
  return {
    refund: money(
      refunds.reduce((sum, refund) => sum + refund.amount, 0),
      first.currency,
    ),
    waits_for_dispute: refunds.some((refund) => refund.in_dispute),
  }
}

/** The reservation stands whatever happens here: the sender of due refunds asks again. */
async function send(deps: Deps, refund_id: string): Promise<void> {
  try {
    await sendRefund(deps, refund_id)
  } catch (error) {
    deps.log.warn({ err: error, refund_id }, 'a refund could not be sent; it will be sent again')
  }
}

async function within(wait_ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, wait_ms)
  })
  try {
    await Promise.race([work, enough])
  } finally {
    clearTimeout(timer)
  }
}
