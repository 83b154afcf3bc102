import { type Db, loadSql } from '#platform/db'
import type { ProviderEvent } from '../provider/provider.ts'

const sql = loadSql(import.meta.url, ['record_events'])

/** Kinds that say something about our money. The rest is kept for the record and asks for nothing. */
const NEWS = /^(payment_intent\.(?!created$)|charge\.refunded$|charge\.dispute\.|refund\.)/

/** Writes down what a provider said, once an event, before anything is made of it. Resolves to how many were new. */
export function recordEvents(
  db: Db,
  provider: string,
  source: 'delivery' | 'poll',
  events: readonly ProviderEvent[],
): Promise<number> {
  return db.none(sql.record_events, {
    provider,
    source,
    event_ids: events.map((event) => event.event_id),
    types: events.map((event) => event.type),
    intent_refs: events.map((event) => event.intent_ref),
    refund_refs: events.map((event) => event.refund_ref),
    dispute_refs: events.map((event) => event.dispute_ref),
    payment_hints: events.map((event) => event.payment_hint),
    payloads: events.map((event) => event.payload),
    are_news: events.map((event) => NEWS.test(event.type)),
  })
}
