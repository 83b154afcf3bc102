import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { applyDispute } from '../apply-dispute.ts'
import { applyIntent, type CaptureBatcher } from '../apply-intent.ts'
import { withOneWayToPay } from '../checkout.ts'
import { UNPAID } from '../next-transition.ts'
import { type Payment, paymentById, referenceOf } from '../payment.ts'
import type { Provider, ProviderEvent, ProviderRefund, Reference } from '../provider/provider.ts'
import type { Providers } from '../provider/registry.ts'
import { adoptRefund } from '../refunds/adopt.ts'
import { type SettlementBatcher, settle } from '../settle.ts'
import { giveStrayBack, isStray } from '../stray.ts'

type Deps = {
  db: Db
  by_key: Db
  batchers: CaptureBatcher & SettlementBatcher
  providers: Providers
  rpc: { booking: BookingRpc }
  concluding: ReadonlySet<string>
  log: Log
}

type EventRow = { provider: string } & Omit<ProviderEvent, 'type'>

const sql = loadSql(import.meta.url, ['claim_events', 'payments_meant', 'mark_done', 'mark_parked'])
const BATCH_SIZE = 100

/**
 * Processes waiting events: each is a hint at an object, which is fetched and applied as it is now, so
 * that order, repeats and age of events do not matter. Events of objects we do not know are parked and looked at again.
 * Resolves true when there may be more.
 */
export async function processEvents(deps: Deps, as_of: string | null): Promise<boolean> {
  const concluding = [...deps.concluding]
  const events = await deps.by_key.many<EventRow>(sql.claim_events, { as_of, concluding, batch_size: BATCH_SIZE })
  if (events.length === 0) return false
  const payments = await deps.by_key.many<Payment>(sql.payments_meant, {
    providers: events.map((event) => event.provider),
    intent_refs: events.map((event) => event.intent_ref),
    payment_hints: events.map((event) => event.payment_hint),
  })
  const byPayment = Map.groupBy(events, (event) => paymentOf(event, payments))
  const unknown = byPayment.get(undefined) ?? []
  const done = await Promise.all(
    [...byPayment].map(([payment, its]) => (payment === undefined ? [] : applyAll(deps, payment, its))),
  )
  await deps.by_key.none(sql.mark_done, keysOf(done.flat()))
  if (unknown.length > 0) await deps.by_key.none(sql.mark_parked, keysOf(unknown))
  return events.length === BATCH_SIZE
}

/** One provider's event never means a payment of another provider. */
function paymentOf(event: EventRow, payments: readonly Payment[]): Payment | undefined {
  const own = payments.filter((payment) => payment.provider === event.provider)
  return (
    own.find((payment) => payment.provider_ref !== null && payment.provider_ref === event.intent_ref) ??
    own.find((payment) => payment.id === event.payment_hint)
  )
}

function keysOf(events: readonly EventRow[]) {
  return { providers: events.map((event) => event.provider), event_ids: events.map((event) => event.event_id) }
}

/** The events of one payment, in turn. Resolves to those that are done; the others will be retried. */
async function applyAll(deps: Deps, payment: Payment, events: readonly EventRow[]): Promise<EventRow[]> {
  try {
    const own = await withOneWayToPay(deps, payment)
    if (own === null) return []
    const intent_ref = own.provider_ref ?? events.find((event) => event.intent_ref !== null)?.intent_ref ?? null
    const known = intent_ref !== null || own.checkout_ref !== null
    const seen = known ? await applyPayment(deps, own, { ...referenceOf(own), intent_ref }) : null
    if (seen === null) return []
    if (seen === 'foreign') return [...events]
    const done: EventRow[] = []
    for (const event of events) if (await applyOne(deps, seen, event)) done.push(event)
    return done
  } catch (error) {
    deps.log.warn(
      { err: error, payment_id: payment.id },
      'events of a payment could not be applied; they will be retried',
    )
    return []
  }
}

/**
 * The payment first, whatever the event: a refund can come before the success it undoes. What is captured is settled here
 * too, whoever captured it: a process that died between the two leaves it to the webhook. Null: provider or booking gave
 * no answer.
 */
async function applyPayment(deps: Deps, payment: Payment, of: Reference): Promise<Payment | 'foreign' | null> {
  const now = await paymentAsShown(deps, payment, of)
  if (now === null || now === 'foreign' || now.settlement !== 'pending') return now
  const settled = await settle(deps, now)
  return settled.kind === 'pending' ? null : ((await paymentById(deps.db, now.id)) ?? now)
}

/** One that is paid and has its fee is not fetched again, because its intent has nothing more to say. */
async function paymentAsShown(deps: Deps, payment: Payment, of: Reference): Promise<Payment | 'foreign' | null> {
  if (!UNPAID.includes(payment.status) && payment.fee !== null) return payment
  const reply = await deps.providers.of(payment).fetchIntent(of)
  if (reply.kind !== 'ok') return null
  if ((await applyIntent(deps, payment, reply.value)) === 'foreign') return 'foreign'
  return (await paymentById(deps.db, payment.id)) ?? payment
}

/** What says something of another intent than the payment's own is never applied to the payment. */
async function applyOne(deps: Deps, payment: Payment, event: EventRow): Promise<boolean> {
  if (!isStray(payment, event.intent_ref)) return applyRest(deps, payment, event)
  const stray = await giveStrayBack(deps, payment, event.intent_ref)
  if (stray === null) return false
  return stray === 'unpaid' || applyRest(deps, stray, event)
}

async function applyRest(deps: Deps, payment: Payment, event: EventRow): Promise<boolean> {
  const provider = deps.providers.of(payment)
  if (event.dispute_ref !== null) {
    const dispute = await provider.fetchDispute(event.dispute_ref)
    if (dispute.kind !== 'ok') return false
    return applyDispute(deps, payment, dispute.value)
  }
  const refunds = await refundsMeant(provider, event)
  if (refunds === null) return false
  for (const refund of refunds) if (!(await adoptRefund(deps, payment, refund))) return false
  return true
}

async function refundsMeant(provider: Provider, event: EventRow): Promise<ProviderRefund[] | null> {
  if (event.refund_ref !== null) {
    const reply = await provider.fetchRefund(event.refund_ref)
    return reply.kind === 'ok' ? [reply.value] : null
  }
  if (event.about !== 'refunds' || event.intent_ref === null) return []
  const reply = await provider.refundsOf(event.intent_ref)
  return reply.kind === 'ok' ? reply.value : null
}
