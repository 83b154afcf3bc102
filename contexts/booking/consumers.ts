import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import type { IdentityEvents } from '@tessera/contracts/events/identity'
import type { PaymentEvents } from '@tessera/contracts/events/payment'
import { type Consumer, consumer } from '#platform/bus'
import { move } from './adopt.ts'
import { closePerformances } from './cancel-event.ts'
import { countMoney } from './count-money.ts'
import type { Deps } from './deps.ts'
import { openPerformance } from './open-performance.ts'

export function consumers(deps: Deps): Consumer[] {
  const changed = (performance_id: string): void => {
    deps.on_sale.forget(performance_id)
    deps.signals.send('booking.performance-changed', { performance_id })
  }
  return [
    consumer<Pick<CatalogEvents, 'catalog.performance_published'>>(
      'booking.open',
      'idempotent',
      { 'catalog.performance_published': (tx, event) => openPerformance({ catalog: deps.rpc.catalog }, tx, event) },
      {
        committed: (events) => {
          for (const event of events) changed(event.payload.performance_id)
        },
      },
    ),
    consumer<Pick<CatalogEvents, 'catalog.event_cancelled'>>(
      'booking.cancel-event',
      'idempotent',
      {
        'catalog.event_cancelled': (tx, event) =>
          closePerformances(tx, event.payload.event_id, event.payload.performance_ids),
      },
      {
        committed: (events) => {
          for (const event of events) for (const id of event.payload.performance_ids) changed(id)
        },
      },
    ),
    // Sign-in moves bookings at once by RPC; this event covers a process that ended in between.
    consumer<IdentityEvents>('booking.adopt', 'idempotent', {
      'identity.guest_adopted': async (tx, event) => {
        await move(tx, event.payload)
      },
    }),
    consumer<PaymentEvents>('booking.count-money', 'idempotent', {
      'payment.refunded': (tx, event) => countMoney(tx, 'payment.refunded', event.payload),
      'payment.refund_returned': (tx, event) => countMoney(tx, 'payment.refund_returned', event.payload),
      'payment.disputed': (tx, event) => countMoney(tx, 'payment.disputed', event.payload),
      'payment.dispute_won': (tx, event) => countMoney(tx, 'payment.dispute_won', event.payload),
    }),
  ]
}
