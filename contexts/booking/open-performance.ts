import type { BookingEvents } from '@tessera/contracts/events/booking'
import type { PerformancePublished } from '@tessera/contracts/events/catalog'
import type { CatalogRpc } from '@tessera/contracts/rpc/catalog'
import type { Envelope } from '#platform/bus'
import { publisher } from '#platform/bus'
import { loadSql, type Tx } from '#platform/db'
import { applyNotedBlocks, lockPerformance } from './block.ts'

const sql = loadSql(import.meta.url, [
  'known_revision',
  'keep_chart',
  'upsert_performance',
  'add_terms',
  'upsert_tiers',
  'open_quotas',
  'noted_blocks',
])
const publish = publisher<BookingEvents>()

type Opened = { performance_no: number; status: 'on_sale' | 'cancelled' }

/**
 * Copies a published performance into booking and opens it: from the commit on it can be held. The chart is immutable
 * and fetched once. An older revision than the known one changes nothing. Nothing is written per seat: a seat without a
 * claim is free. A performance whose event was cancelled before this was delivered is recorded and never on sale. Takes
 * its locks in the order of the README.
 */
export async function openPerformance(
  deps: { catalog: CatalogRpc },
  tx: Tx,
  event: Envelope<'catalog.performance_published', PerformancePublished>,
): Promise<void> {
  const facts = event.payload
  await lockPerformance(tx, facts.performance_id)
  const known = await tx.maybe<{ revision: number }>(sql.known_revision, { performance_id: facts.performance_id })
  if (known !== undefined && known.revision >= facts.revision) return
  const seat_count = facts.chart_id === null ? 0 : await keepChart(deps.catalog, tx, facts.chart_id)
  const refund_policy = JSON.stringify(facts.refund_policy)
  const { performance_no, status } = await tx.one<Opened>(sql.upsert_performance, {
    ...facts,
    seat_count,
    refund_policy,
  })
  await tx.none(sql.add_terms, { ...facts, performance_no, refund_policy })
  await tx.none(sql.upsert_tiers, {
    performance_no,
    tiers: JSON.stringify(facts.tiers.map((tier, position) => ({ ...tier, position, price: tier.price.amount }))),
  })
  await tx.none(sql.open_quotas, { performance_no })
  if (status === 'cancelled') return
  const noted = await tx.many<{ block_id: string }>(sql.noted_blocks, { performance_id: facts.performance_id })
  await applyNotedBlocks(
    tx,
    performance_no,
    noted.map((block) => block.block_id),
  )
  await publish(tx, 'booking.performance_opened', facts.performance_id, {
    performance_id: facts.performance_id,
    event_id: facts.event_id,
    revision: facts.revision,
  })
}

async function keepChart(catalog: CatalogRpc, tx: Tx, chart_id: string): Promise<number> {
  const chart = await catalog.chart({ chart_id })
  if (chart === null) throw new Error(`Chart ${chart_id} was published but catalog does not have it`)
  await tx.none(sql.keep_chart, { chart_id, chart: JSON.stringify(chart) })
  return chart.seats.length
}
