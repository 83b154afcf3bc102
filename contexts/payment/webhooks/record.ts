import { type Db, loadSql } from '#platform/db'
import type { ProviderEvent } from '../provider/provider.ts'

/** An event with the name of the provider that told it. */
export type HeardEvent = ProviderEvent & { provider: string }

const sql = loadSql(import.meta.url, ['record_events'])

/** Writes down what providers said, once an event, before anything is made of it. Resolves to how many were new. */
export function recordEvents(db: Db, source: 'delivery' | 'poll', events: readonly HeardEvent[]): Promise<number> {
  return db.none(sql.record_events, {
    source,
    providers: events.map((event) => event.provider),
    event_ids: events.map((event) => event.event_id),
    types: events.map((event) => event.type),
    abouts: events.map((event) => event.about),
    intent_refs: events.map((event) => event.intent_ref),
    refund_refs: events.map((event) => event.refund_ref),
    dispute_refs: events.map((event) => event.dispute_ref),
    payment_hints: events.map((event) => event.payment_hint),
  })
}
