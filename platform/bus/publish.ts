import { loadSql, type Tx } from '#platform/db'
import { currentTraceparent } from '#platform/telemetry'

const sql = loadSql(import.meta.url, ['insert_event', 'insert_events'])

/**
 * The one way to announce a fact: `const publish = publisher<BookingEvents>()`, then
 * `await publish(tx, 'booking.confirmed', performance_id, payload)` in the transaction of the change. Writes to the
 * outbox of the context whose database `tx` is; resolves to the event's id.
 */
export function publisher<Events extends Record<string, unknown>>() {
  return async <Topic extends keyof Events & string>(
    tx: Tx,
    topic: Topic,
    key: string,
    payload: Events[Topic],
  ): Promise<string> => {
    const row = await tx.one<{ event_id: string }>(sql.insert_event, {
      topic,
      key,
      payload: JSON.stringify(payload),
      traceparent: currentTraceparent(),
    })
    tx.markPublished(topic)
    return row.event_id
  }
}

/** Like `publisher`, for several events of one topic in one statement. */
export function batchPublisher<Events extends Record<string, unknown>>() {
  return async <Topic extends keyof Events & string>(
    tx: Tx,
    topic: Topic,
    events: readonly { key: string; payload: Events[Topic] }[],
  ): Promise<void> => {
    if (events.length === 0) return
    await tx.none(sql.insert_events, {
      topic,
      keys: events.map(({ key }) => key),
      payloads: events.map(({ payload }) => JSON.stringify(payload)),
      traceparent: currentTraceparent(),
    })
    tx.markPublished(topic)
  }
}
