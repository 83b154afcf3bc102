import type { CatalogEvents } from '@tessera/contracts/events/catalog'
import { type Consumer, consumer } from '#platform/bus'
import { loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, ['withdraw'])

export function consumers(): Consumer[] {
  return [
    // One statement however many payments are open; the reconciler closes them at their providers, batch by batch.
    consumer<CatalogEvents>('payment.withdraw', 'idempotent', {
      'catalog.event_cancelled': async (tx, { payload }) => {
        await tx.none(sql.withdraw, { event_id: payload.event_id })
      },
    }),
  ]
}
