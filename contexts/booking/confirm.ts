import type { SettlementReason } from '@tessera/contracts/rpc/booking'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { BookingRow } from './read.ts'
import { type SettleDeps, settle } from './settle.ts'

export type ConfirmDeps = SettleDeps & {
  rpc: Pick<ContextRpc, 'payment' | 'identity'>
  delivered(event_id: string, consumers: readonly string[]): Promise<boolean>
}

export type ConfirmOutcome =
  | { kind: 'confirmed' }
  | { kind: 'hold-expired'; detail: string }
  | { kind: 'payment-required' }
  | { kind: 'conflict'; detail: string }

const HOLD_ENDED = 'The hold has ended; choose your seats again.'
const GONE: Readonly<Record<SettlementReason, string>> = {
  taken: 'The hold has ended and not all of it is free any more; choose again.',
  released: 'This booking is released.',
  cancelled: 'This booking is cancelled.',
  event_cancelled: 'This event was cancelled.',
  event_over: 'This performance is over.',
  person_limit: 'The hold has ended, and with what you have bought or on hold it exceeds the limit per person.',
}

/**
 * Confirms a booking by hand: one that costs nothing, or one whose payment has succeeded (which confirmed it already).
 * Refused without a payment or with another booking's payment.
 */
export async function confirm(
  deps: ConfirmDeps,
  booking: BookingRow,
  payment_id: string | undefined,
): Promise<ConfirmOutcome> {
  if (booking.status === 'confirmed') return { kind: 'confirmed' }
  if (booking.status === 'released' || booking.status === 'cancelled')
    return { kind: 'conflict', detail: `This booking is ${booking.status}.` }
  if (booking.total > 0 || payment_id !== undefined) return confirmPaid(deps, booking, payment_id)
  if (!booking.alive) return { kind: 'hold-expired', detail: HOLD_ENDED }
  const person = await deps.rpc.identity.person({ user_id: booking.owner_id })
  const holder =
    person?.email == null
      ? null
      : { first_name: person.first_name ?? '', last_name: person.last_name ?? '', email: person.email }
  const { booking_id, owner_id } = booking
  const outcome = await settle(deps, { booking_id, payment_id: null, amount: null, holder, actor: owner_id }, booking)
  switch (outcome.kind) {
    case 'confirmed':
      if (outcome.event_id !== null) await deps.delivered(outcome.event_id, ['ticketing.issue'])
      return { kind: 'confirmed' }
    case 'already-confirmed':
      return { kind: 'confirmed' }
    case 'seats-gone':
      return { kind: 'hold-expired', detail: outcome.reason === null ? HOLD_ENDED : GONE[outcome.reason] }
    case 'paid-otherwise':
    case 'amount-mismatch':
    case 'unknown-booking':
      return { kind: 'conflict', detail: 'This booking cannot be confirmed without its payment.' }
  }
}

async function confirmPaid(
  deps: ConfirmDeps,
  booking: BookingRow,
  payment_id: string | undefined,
): Promise<ConfirmOutcome> {
  const payments = await deps.rpc.payment.payments_of({ booking_ids: [booking.booking_id] })
  const paid = payments.some(
    (payment) => payment.status === 'succeeded' && (payment_id === undefined || payment.id === payment_id),
  )
  if (paid) return { kind: 'conflict', detail: 'The payment has arrived and is being settled; ask again in a moment.' }
  return booking.alive ? { kind: 'payment-required' } : { kind: 'hold-expired', detail: HOLD_ENDED }
}
