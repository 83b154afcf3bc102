import type { PromisedRefund, RefundRequest } from '@tessera/contracts/rpc/payment'
import { openDb } from '#platform/db'
import { createTelemetry } from '#platform/telemetry'
import { cancelEventBookings } from './cancel-event.ts'

/** A process that cancels the bookings of cancelled events and asks its parent for the refunds; it may be killed anywhere. */
export type VictimAsks = { requests: RefundRequest[] }
export type VictimHears = { promises: PromisedRefund[] }

process.once('message', (order: { url: string }) => void work(order.url))

async function work(url: string): Promise<void> {
  const db = openDb({ url, role: 'tessera_booking', search_path: 'booking' })
  const unused = async (): Promise<never> => Promise.reject(new Error('nobody asks this here'))
  const deps = {
    db,
    onFreed: () => undefined,
    published: () => undefined,
    telemetry: createTelemetry({ level: 'silent', service: 'victim' }),
    rpc: {
      payment: {
        refund_bookings: ask,
        refund_booking: unused,
        refund_preview: unused,
        payments_of: unused,
        charge_limits: unused,
      },
    },
  }
  const unfinished = () => db.query('select from booking.event_cancellations where finished_at is null')
  while ((await unfinished()).length > 0) await cancelEventBookings(deps)
  await db.close()
  process.exit(0)
}

async function ask({ requests }: VictimAsks): Promise<PromisedRefund[]> {
  const heard = new Promise<VictimHears>((resolve) => process.once('message', resolve))
  process.send?.({ requests } satisfies VictimAsks)
  return (await heard).promises
}
