import { type Money, money } from '@tessera/contracts/money'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { Db } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Payment } from '../payment.ts'
import type { Providers } from '../provider/registry.ts'
import { paymentRowsOf } from '../read.ts'
import { type SettlementLane, settle } from '../settle.ts'
import { type Reserved, reserve } from './reserve.ts'
import { sendRefund } from './send.ts'
import { shareOf } from './share.ts'

type Deps = { db: Db; lanes: SettlementLane; providers: Providers; booking: BookingRpc; log: Log }

export type Cancellation = {
  booking_id: string
  cancellation_id: string
  percent: number
  reason: 'cancellation' | 'event-cancelled'
}

/** Below the deadline of the call that asks: a refund that takes longer goes on and is reconciled. */
const PROVIDER_WAIT_MS = 2_000

/**
 * What a cancellation gives back: `percent` of what of each payment that paid for the booking is neither refunded nor on
 * its way back, rounded half up per payment. Reserved durably before this resolves; the same cancellation asks once.
 * Null when nothing goes back.
 */
export async function refundBooking(deps: Deps, input: Cancellation): Promise<{ refund: Money | null }> {
  const payments = await paymentRowsOf(deps, input.booking_id)
  // A payment whose settlement was cut short first learns whether it paid for this booking at all.
  for (const payment of payments) if (payment.settlement === 'pending') await settle(deps, payment)
  const reserved = await deps.db.transaction(async (tx) => {
    const found: Reserved[] = []
    for (const payment of payments.filter(mayHavePaid)) {
      const one = await reserve(tx, {
        payment_id: payment.id,
        amount: (left_over) => shareOf(left_over, input.percent),
        reason: input.reason,
        cause: input.cancellation_id,
      })
      if (one !== null) found.push(one)
    }
    return found
  })
  if (reserved.length === 0) return { refund: null }
  await within(PROVIDER_WAIT_MS, Promise.all(reserved.map((one) => send(deps, one))))
  const currency = reserved[0]?.currency ?? ''
  return {
    refund: money(
      reserved.reduce((sum, one) => sum + one.amount, 0),
      currency,
    ),
  }
}

/** One that went back by itself has nothing left over. */
function mayHavePaid(payment: Payment): boolean {
  return payment.captured > 0
}

/** The reservation stands whatever happens here: the reconciler asks again. */
async function send(deps: Deps, reserved: Reserved): Promise<void> {
  try {
    await sendRefund(deps, reserved.id)
  } catch (error) {
    deps.log.warn({ err: error, refund_id: reserved.id }, 'a refund could not be sent; it will be')
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
