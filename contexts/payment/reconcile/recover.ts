import type { PaymentEvents } from '@tessera/contracts/events/payment'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import { publisher } from '#platform/bus'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { applyIntent, type CaptureBatcher } from '../apply-intent.ts'
import { withOneWayToPay } from '../checkout.ts'
import { hasHadPage, UNPAID } from '../next-transition.ts'
import { createAtProvider, type IntentBatchers } from '../open-intent.ts'
import { type Payment, paymentById, referenceOf } from '../payment.ts'
import type { ProviderIntent, Reference } from '../provider/provider.ts'
import type { Providers } from '../provider/registry.ts'
import { type SettlementBatcher, settle } from '../settle.ts'

export type RecoverDeps = {
  db: Db
  batchers: IntentBatchers & CaptureBatcher & SettlementBatcher
  providers: Providers
  rpc: { booking: BookingRpc }
  log: Log
}

/** `hold_over`: its hold ended a while ago. Then, and when its event was cancelled, an intent nobody paid is given up. */
export type DuePayment = Payment & { hold_over: boolean; event_cancelled: boolean }

const sql = loadSql(import.meta.url, ['nothing_left', 'hold_extended', 'never_arrived', 'write_off'])
const publish = publisher<PaymentEvents>()

/** Advances one unfinished payment to the state that the provider shows. */
export async function recoverPayment(deps: RecoverDeps, due: DuePayment, as_of: string | null): Promise<void> {
  if (due.settlement === 'pending') {
    await settle(deps, due)
    return
  }
  const own = await withOneWayToPay(deps, due)
  if (own === null) return
  const payment = { ...due, ...own }
  const of = await knownReference(deps, payment)
  if (of === null) return
  const unpaid = UNPAID.includes(payment.status)
  const over = payment.hold_over || payment.event_cancelled
  if (!unpaid && payment.fee !== null) {
    await deps.db.none(sql.nothing_left, { id: payment.id })
    return
  }
  const reply = await deps.providers.of(payment).fetchIntent(of)
  if (reply.kind === 'refused') {
    deps.log.error({ payment_id: payment.id, code: reply.code }, 'the provider does not know an intent of ours')
    if (unpaid && over) await writeOff(deps, payment, reply.message)
    return
  }
  if (reply.kind !== 'ok') return
  if (await applied(deps, payment, reply.value)) return
  if (payment.status === 'processing' && reply.value.status === 'open') await neverArrived(deps, payment)
  if (over && isGivenUp(reply.value)) await abandon(deps, payment, of, as_of)
}

/** A creation that was cut short is repeated: the provider answers with the intent it made then, or makes it now. */
async function knownReference(deps: RecoverDeps, payment: Payment): Promise<Reference | null> {
  if (payment.provider_ref !== null || payment.checkout_ref !== null) return referenceOf(payment)
  const opened = await createAtProvider(deps, payment)
  return opened.kind === 'opened' ? referenceOf(opened.payment) : null
}

/** True when nothing more is to be done now. */
async function applied(deps: RecoverDeps, payment: Payment, intent: ProviderIntent): Promise<boolean> {
  const outcome = await applyIntent(deps, payment, intent)
  if (outcome === 'captured') {
    const now = await paymentById(deps.db, payment.id)
    if (now !== undefined) await settle(deps, now)
    return true
  }
  return outcome === 'foreign' || !UNPAID.includes(payment.status)
}

function isGivenUp(intent: ProviderIntent): boolean {
  return intent.status === 'open' || intent.status === 'requires_action' || intent.status === 'cancelled'
}

/** We asked to charge, heard nothing, and the provider shows that nothing came of it: the buyer may try again. */
async function neverArrived(deps: RecoverDeps, payment: Payment): Promise<void> {
  const { id: payment_id, booking_id } = payment
  await deps.db.transaction(async (tx) => {
    if ((await tx.maybe(sql.never_arrived, { id: payment_id })) === undefined) return
    await publish(tx, 'payment.failed', payment_id, { payment_id, booking_id, reason: 'no_answer' })
  })
}

/**
 * Closes the intent, so that nobody can pay for it any more. If the money came first, the provider refuses to cancel, and
 * the payment is one that came late.
 */
async function abandon(deps: RecoverDeps, payment: DuePayment, of: Reference, as_of: string | null): Promise<void> {
  if (!payment.event_cancelled && (await isExtended(deps, payment, as_of))) return
  const provider = deps.providers.of(payment)
  const cancelled = await provider.cancelIntent(of)
  const seen = cancelled.kind === 'refused' ? await provider.fetchIntent(of) : cancelled
  if (seen.kind !== 'ok') return
  if (hasHadPage(payment) && seen.value.status === 'cancelled') {
    await writeOff(deps, payment, null)
    return
  }
  await applied(deps, payment, seen.value)
}

async function writeOff({ db }: Pick<RecoverDeps, 'db'>, payment: Payment, why: string | null): Promise<void> {
  const { id, checkout_ref, closed_checkout_ref } = payment
  await db.none(sql.write_off, { id, checkout_ref, closed_checkout_ref, why })
}

/** The hold lives on: the payment is looked at again after its new end. */
async function isExtended(deps: RecoverDeps, payment: Payment, as_of: string | null): Promise<boolean> {
  const payable = await deps.rpc.booking.payable({ booking_id: payment.booking_id })
  if (payable?.status !== 'held' || !payable.alive || isPast(payable.hold_expires_at, as_of)) return false
  await deps.db.none(sql.hold_extended, { id: payment.id, hold_expires_at: payable.hold_expires_at })
  return true
}

function isPast(time: string, as_of: string | null): boolean {
  return as_of !== null && Date.parse(time) <= Date.parse(as_of)
}
