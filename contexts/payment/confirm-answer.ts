import type { ConfirmPaymentRequest, ConfirmPaymentResponse } from '@tessera/contracts/http/payment'
import type { BookingRpc, Payable } from '@tessera/contracts/rpc/booking'
import type { Db } from '#platform/db'
import type { Idempotency, Source } from '#platform/http'
import type { Log } from '#platform/telemetry'
import { hasHadPage } from './next-transition.ts'
import type { Payment } from './payment.ts'
import type { Providers } from './provider/registry.ts'
import { type Reply, type Settled, type SettlementBatcher, settle } from './settle.ts'

type Deps = { db: Db; batchers: SettlementBatcher; providers: Providers; rpc: { booking: BookingRpc }; log: Log }

export type ConfirmInput = {
  idempotency: Idempotency
  body: ConfirmPaymentRequest
  /** Where the request comes from; empty where nobody is limited. */
  sources: readonly Source[]
}

/** What is said of a payment, and stored under the key. */
export type PaymentAnswer = Omit<ConfirmPaymentResponse, 'next_action'> & {
  /** The step that the buyer's bank still wants, and where it ends. */
  redirect?: { url: string; return_url: string | null }
}

export type ConfirmOutcome =
  | { kind: 'answered'; body: PaymentAnswer; keep: 'store' | 'stored' | 'open' }
  | { kind: 'payment-failed'; detail: string; decline_code: string }
  | { kind: 'replayed'; status: number; body: unknown }
  | { kind: 'idempotency-mismatch' }
  | { kind: 'not-found' }
  | { kind: 'hold-expired' }
  | { kind: 'conflict'; detail: string }
  | { kind: 'invalid-input'; detail: string }
  | { kind: 'too-many-payments'; retry_after_s: number }
  | { kind: 'unavailable' }

/** What can be said of a payment that is over already. */
export async function answerOf(deps: Deps, payment: Payment, input: ConfirmInput): Promise<ConfirmOutcome> {
  switch (payment.settlement) {
    case null:
      return unpayable(await deps.rpc.booking.payable({ booking_id: payment.booking_id }))
    case 'pending':
      return afterSettling(deps, payment, await settle(deps, payment, successOf(payment, input)))
    case 'confirmed': {
      // The process that recorded this may have died before the tickets were issued: booking is asked again.
      const settled = await settle(deps, payment)
      if (settled.kind !== 'confirmed' || !settled.tickets_issued)
        return answered(payment, 'processing', 'confirmed', 'open')
      const now = await deps.rpc.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, 'succeeded', now?.status ?? 'confirmed', 'store')
    }
    default:
      return afterSettling(deps, payment, { kind: 'given-back', refund: null })
  }
}

function successBody(payment: Payment): PaymentAnswer {
  return { payment_id: payment.id, status: 'succeeded', booking: { id: payment.booking_id, status: 'confirmed' } }
}

/** The answer that is stored in the same step as the confirmation. */
export function successOf(payment: Payment, { idempotency }: ConfirmInput): Reply {
  return { owner: idempotency.owner, key: idempotency.key, answer: successBody(payment) }
}

/** The answer for a payment whose settlement was just decided or asked for. */
export async function afterSettling(deps: Deps, payment: Payment, settled: Settled): Promise<ConfirmOutcome> {
  switch (settled.kind) {
    case 'confirmed':
      return settled.tickets_issued
        ? { kind: 'answered', keep: 'stored', body: successBody(payment) }
        : answered(payment, 'processing', 'confirmed', 'open')
    case 'pending':
      return answered(payment, 'processing', 'held', 'open')
    case 'given-back': {
      const { refund } = settled
      const sure = refund === null || refund.status === 'succeeded' || refund.provider_ref !== null
      const now = await deps.rpc.booking.payable({ booking_id: payment.booking_id })
      return answered(payment, sure ? 'refunded' : 'processing', now?.status ?? 'expired', sure ? 'store' : 'open')
    }
  }
}

/** Why a payment cannot be charged any more, though its hold may still be alive. */
export function unpayable(payable: Payable | null): ConfirmOutcome {
  if (payable?.status === 'confirmed') return { kind: 'conflict', detail: 'This booking has been paid already.' }
  if (payable?.event_cancelled) return { kind: 'conflict', detail: 'This event was cancelled; nothing was charged.' }
  if (payable?.status !== 'held' || !payable.alive) return { kind: 'hold-expired' }
  return { kind: 'conflict', detail: 'This payment was cancelled. Create another one with a new Idempotency-Key.' }
}

/** Why a payment that can still be paid cannot be charged by the API: its page stands in for the intent, or did. */
export function notChargeable(payment: Payment): ConfirmOutcome {
  const detail = hasHadPage(payment)
    ? 'This payment can be paid on the provider’s page only: open its checkout_url.'
    : 'This payment is not ready to be confirmed.'
  return { kind: 'conflict', detail }
}

/** `redirect_url`: where the buyer's browser takes the step that their bank still wants. */
export function answered(
  payment: Payment,
  status: PaymentAnswer['status'],
  booking_status: string,
  keep: 'store' | 'stored' | 'open',
  redirect_url: string | null = null,
): ConfirmOutcome {
  const redirect = redirect_url === null ? {} : { redirect: { url: redirect_url, return_url: payment.return_url } }
  const booking = { id: payment.booking_id, status: booking_status }
  return { kind: 'answered', keep, body: { payment_id: payment.id, status, ...redirect, booking } }
}
